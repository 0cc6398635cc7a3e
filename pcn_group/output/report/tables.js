// Tables that sort by the column whose heading is pressed, numbers as numbers and back again, and
// that one can save as CSV.
const collator = new Intl.Collator("en-GB", { numeric: true, sensitivity: "base" });

function sortKey(row, column, isNumber) {
  const cell = row.cells[column];
  const key = cell.dataset.key ?? cell.textContent;
  if (!isNumber) return key;
  const value = Number.parseFloat(key.replace(/[£,]/g, ""));
  return Number.isNaN(value) ? -Infinity : value;
}

function sortBy(table, heading) {
  const column = heading.cellIndex;
  const isNumber = heading.matches(".number, .drawn");
  const isDown = heading.getAttribute("aria-sort") === "ascending";
  const compare = isNumber ? (a, b) => a - b : collator.compare;
  const rows = [...table.tBodies[0].rows].map((row) => [sortKey(row, column, isNumber), row]);
  rows.sort(([a], [b]) => (isDown ? compare(b, a) : compare(a, b)));
  table.tBodies[0].append(...rows.map(([, row]) => row));
  for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
  heading.setAttribute("aria-sort", isDown ? "descending" : "ascending");
}

// The rows that are shown, as they are read: a number without commas and pounds. What a spreadsheet
// would take for a formula has an apostrophe before it.
function csvOf(table) {
  const rows = [...table.tHead.rows, ...table.tBodies[0].rows, ...(table.tFoot?.rows ?? [])]
    .filter((row) => !row.hidden);
  const field = (cell) => {
    const words = cell.textContent.replace(/\s+/g, " ").trim();
    const isNumber = cell.matches("td.number") && /^[-−+]?£?[\d,.]+$/.test(words);
    const plainly = isNumber ? words.replace(/[£,]/g, "").replace("−", "-")
      : words.replace(/^(?=[=+\-@])/, "'");
    return /[",\n]/.test(plainly) ? `"${plainly.replaceAll('"', '""')}"` : plainly;
  };
  return rows.map((row) => `${[...row.cells].map(field).join(",")}\r\n`).join("");
}

// Let a table be sorted and saved.
function equip(table) {
  const { caption } = table;
  for (const heading of table.tHead.rows[0].cells)
    heading.querySelector("button").addEventListener("click", () => sortBy(table, heading));
  const name = caption.textContent.trim().toLowerCase().replace(/[^a-z0-9]+/g, "-");
  caption.append(" ", button("Save as CSV", () => save(`${name}.csv`, "text/csv", csvOf(table)),
    { class: "save", "aria-label": `Save as CSV: ${caption.textContent.trim()}` }));
}

// A table in a frame that scrolls; a heading is its words and the class of its column.
function framedTable(caption, headings, rows) {
  const table = element("table", [
    element("caption", caption),
    element("thead", element("tr", headings.map(([words, kind]) => element(
      "th", element("button", words, { type: "button" }),
      { scope: "col", ...(kind && { class: kind }) })))),
    element("tbody", rows),
  ], { class: "sortable" });
  equip(table);
  return element(
    "div", table, { class: "frame", tabindex: "0", role: "region", "aria-label": caption });
}

for (const table of document.querySelectorAll("table.sortable")) equip(table);
