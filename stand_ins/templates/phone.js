"use strict";

const code = document.querySelector("#code");

async function hear() {
  const answer = await fetch(code.dataset.events);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  document.title = page.title;
  document.querySelector("#screen").replaceWith(page.querySelector("#screen"));
}

if (code) {
  const lasts = Number(code.dataset.validFor) * 1000;
  document.querySelector("#left-bar").animate([{ transform: "scaleX(1)" }, { transform: "scaleX(0)" }], { duration: lasts, fill: "forwards" });
  hear();
}
