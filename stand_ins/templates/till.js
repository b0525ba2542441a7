"use strict";

const field = document.querySelector("#qr");
const result = document.querySelector("#result");

function forTheNext() {
  const fresh = new URL(location.href);
  fresh.pathname = fresh.pathname.replace("/test-code", "");
  fresh.searchParams.set("purpose", document.querySelector("input[name=purpose]:checked").value);
  return fresh;
}

// A scanner types at whatever has the focus, so what is typed anywhere but in a field goes to its own.
document.addEventListener("keydown", (event) => {
  const typesElsewhere = event.target.closest("input[type=text], select");
  const isLetter = event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.altKey && !event.metaKey;
  if (isLetter && !typesElsewhere) field.focus();
});
document.querySelectorAll("input[type=radio]").forEach((choice) => {
  // With the mouse only: whoever chooses by arrow keys wants to go on choosing.
  choice.addEventListener("click", (event) => event.detail && field.focus());
});
window.addEventListener("focus", () => field.focus());
field.select();

// What a customer has shown stays no longer than the check allows.
if (result?.dataset.goneAfter) {
  const lasts = Number(result.dataset.goneAfter) * 1000;
  document.querySelector("#left-bar").animate([{ transform: "scaleX(1)" }, { transform: "scaleX(0)" }], { duration: lasts });
  setTimeout(() => {
    result.replaceChildren();
    location.replace(forTheNext());
  }, lasts);
}
