"""A county's whole extract by the same rules: `limpio bulk`.

| Module         | What is in it                                                                                   |
| -------------- | ----------------------------------------------------------------------------------------------- |
| scan.py        | the files as blocks of whole records; what is malformed, and why                                |
| normalise.py   | record by record: lines into people, people into convictions under review                       |
| by_columns.py  | the same with Polars (extra `[bulk]`), a million records in seconds                             |
| review.py      | what both ways end in, and the eighteen cells that a record gets                                |
| decide.py      | the county's policy, and the statute in the same four words                                     |
| outputs.py     | the result files, woven from the input's own bytes; checkpoints                                 |
| summary.py     | counts; small cells withheld                                                                    |
| report.py      | the report as a page and as a PDF                                                               |
| run.py         | one review from beginning to end                                                                |
| explain.py     | one person's whole decision in words                                                            |
| sample.py      | a made-up extract                                                                               |

What a cell means is in `rules/sources/doj_extract.py`, the trees over columns in `rules/columns.py`; court papers are
filled by the site (`webapp/packet/extract.py`), because nothing here knows PDF forms.
"""
