// The page of one plan: map, search and tables work together.
const plan = read("plan");
new PlanView([document.getElementById("canvas")], plan.practices)
  .show([{ figure: read("figure"), plan }]).then(ready);
