// The page of one plan: map, search and tables work together.
const plan = planOf(read("plan"));
const view = new PlanView([document.getElementById("canvas")]);

// Networks are filled with their own colours, or with those of the figure that is chosen.
const shading = document.getElementById("shading");
shading?.addEventListener("change", () => {
  view.maps[0].shade(read("shadings")[Number(shading.value)]);
  for (const legend of document.querySelectorAll("[data-shading]"))
    legend.hidden = legend.dataset.shading !== shading.value;
});
view.show([{ plan }]);
ready();
