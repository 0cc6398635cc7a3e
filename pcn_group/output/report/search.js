// A box that finds practices by code or name, for keyboard and screen reader too.
const MOST_MATCHES = 8;

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

class PracticeSearch {
  // While one types, onCount is called with how many match; then onFind with the practice chosen,
  // or onClear when there is nothing to find any more.
  constructor(practices, { onCount, onFind, onClear }) {
    const [input, list] = ["search", "matches"].map((name) => document.getElementById(name));
    Object.assign(this, { input, list, practices, onCount, onFind, onClear });
    this.texts = practices.map(({ code, name }) => plain(`${code} ${name}`));
    this.close();
    input.addEventListener("input", () => this.typed());
    input.addEventListener("keydown", (event) => this.pressed(event));
    input.addEventListener("blur", () => this.close());
    list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const item = event.target.closest("li");
      if (item) this.choose([...list.children].indexOf(item));
    });
  }

  typed() {
    const sought = plain(this.input.value.trim());
    if (!sought) {
      this.clear();
      return;
    }
    // What begins with the words comes first.
    const found = this.texts.map((text, k) => [text.indexOf(sought), k])
      .filter(([place]) => place >= 0).sort(([a, i], [b, j]) => (a > 0) - (b > 0) || i - j);
    this.matches = found.map(([, k]) => this.practices[k]).slice(0, MOST_MATCHES);
    this.list.replaceChildren(...this.matches.map(({ code, name }, item) => element("li",
      [element("b", code), ` ${name}`],
      { role: "option", id: `match-${item}`, "aria-selected": "false" })));
    this.open(this.matches.length > 0);
    this.onCount(found.length);
  }

  pressed(event) {
    const count = this.matches.length;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!count) return;
      event.preventDefault();
      const next = event.key === "ArrowDown" ? this.active + 1
        : Math.max(this.active, 0) + count - 1;
      this.point(next % count);
    } else if (event.key === "Enter" && count) {
      event.preventDefault();
      this.choose(Math.max(this.active, 0));
    }
  }

  point(item) {
    this.active = item;
    [...this.list.children].forEach((child, k) =>
      child.setAttribute("aria-selected", String(k === item)));
    this.input.setAttribute("aria-activedescendant", `match-${item}`);
  }

  choose(item) {
    const practice = this.matches[item];
    this.input.value = practice.code;
    this.close();
    this.onFind(practice);
  }

  open(isOpen) {
    this.active = -1;
    this.list.hidden = !isOpen;
    this.input.setAttribute("aria-expanded", String(isOpen));
    this.input.removeAttribute("aria-activedescendant");
  }

  close() {
    this.matches = [];
    this.open(false);
  }

  clear() {
    this.input.value = "";
    this.close();
    this.onClear();
  }
}
