// What all pages share.
const read = (name) => JSON.parse(document.getElementById(name).textContent);
const thousands = (text) => String(text).replace(/\B(?=(\d{3})+$)/g, ",");
const plural = (count, noun) => `${thousands(count)} ${noun}${Number(count) === 1 ? "" : "s"}`;

const capital = (word) => word[0].toUpperCase() + word.slice(1);

function element(name, content, attributes = {}) {
  const made = document.createElement(name);
  made.append(...[content].flat());
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function button(content, onClick, attributes = {}) {
  const made = element("button", content, { type: "button", ...attributes });
  made.addEventListener("click", onClick);
  return made;
}

// Show which rows of a table are on, to eyes and to screen readers.
function press(rows, isOn) {
  for (const row of rows) {
    row.classList.toggle("on", isOn(row));
    row.querySelector("button.pick").setAttribute("aria-pressed", String(isOn(row)));
  }
}

// Scroll to what has a map, where the middle of its first map is out of sight.
function bringIntoSight(place) {
  const { top, bottom } = place.querySelector(".canvas").getBoundingClientRect();
  const middle = (top + bottom) / 2;
  if (middle < 0 || middle > innerHeight) place.scrollIntoView();
}

// Save a file, as from a download.
function save(name, type, text) {
  const address = URL.createObjectURL(new Blob([text], { type }));
  element("a", "", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

// Paper has what is folded away on the screen for who audits it.
addEventListener("beforeprint", () => {
  for (const folded of document.querySelectorAll("details.auditor")) folded.open = true;
});

function ready() {
  performance.mark("report-ready");
  document.documentElement.dataset.ready = "true";
}
