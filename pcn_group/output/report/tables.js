// Tables that sort by the column whose heading is pressed: numbers as numbers, and back again.
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

for (const table of document.querySelectorAll("table.sortable"))
  for (const heading of table.tHead.rows[0].cells)
    heading.querySelector("button").addEventListener("click", () => sortBy(table, heading));
