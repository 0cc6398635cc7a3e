// Light or dark: as the system has it, until the button says otherwise.
const system = matchMedia("(prefers-color-scheme: dark)");
const themeButton = document.getElementById("theme");

function setTheme(isDark) {
  document.documentElement.dataset.theme = isDark ? "dark" : "light";
  themeButton.setAttribute("aria-pressed", String(isDark));
}

setTheme(system.matches);
system.addEventListener("change", (event) => setTheme(event.matches));
themeButton.addEventListener("click", () =>
  setTheme(document.documentElement.dataset.theme !== "dark"));
