// The page of all regions: a table that can be searched.
const regionRows = [...document.querySelectorAll("#regions tbody tr")];
const filterBox = document.getElementById("filter");
const filtered = document.getElementById("filtered");

filterBox.addEventListener("input", () => {
  const sought = plain(filterBox.value.trim());
  for (const row of regionRows)
    row.hidden = !plain(row.dataset.sought).includes(sought);
  const count = regionRows.filter((row) => !row.hidden).length;
  filtered.textContent = sought ? `${plural(count, "region")} found.` : "";
});

ready();
