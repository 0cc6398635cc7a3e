// The page of a trade-off curve: a click on a point, or in the table, shows its plan.
const points = [...document.querySelectorAll("#curve [data-point]")];
const show = planChooser(read("drawn"), (number) => {
  points.forEach((point, k) => point.classList.toggle("on", k === number));
  return `Plan ${number + 1}`;
});

points.forEach((point, k) => point.addEventListener("click", () => show(k)));
show(0);
ready();
