// Three small comforts. Every page works without them.
(() => {
  "use strict";
  const leave = document.querySelector("[data-leave]");
  // Leaving replaces this page, so that Back does not return to it.
  const go = () => location.replace(leave.href);
  if (leave) {
    let pressed = [];
    addEventListener("keydown", (event) => {
      if (event.key !== "Escape") { pressed = []; return; }
      pressed = [...pressed.filter((time) => event.timeStamp - time < 2000), event.timeStamp];
      if (pressed.length > 2) go();
    });
    leave.addEventListener("click", (event) => { event.preventDefault(); go(); });
  }
  // A second tap on a slow line must not send a form twice. After a download the page stays, so it may be sent again.
  addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    setTimeout(() => delete form.dataset.sent, 5000);
  });
  addEventListener("pageshow", () => document.querySelectorAll("[data-sent]").forEach((form) => delete form.dataset.sent));
  const errors = document.getElementById("errors");
  if (errors) errors.focus();
})();
