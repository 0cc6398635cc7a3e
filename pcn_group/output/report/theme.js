// Light or dark: as the system has it, until the button is pressed, which says what it changes to.
const system = matchMedia("(prefers-color-scheme: dark)");
const themeButton = document.getElementById("theme");

function setTheme(isDark) {
  document.documentElement.dataset.theme = isDark ? "dark" : "light";
  themeButton.textContent = isDark ? "Light" : "Dark";
}

setTheme(system.matches);
system.addEventListener("change", (event) => setTheme(event.matches));
themeButton.addEventListener("click", () =>
  setTheme(document.documentElement.dataset.theme !== "dark"));
