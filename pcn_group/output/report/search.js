// A box that finds practices by code or name, for keyboard and screen reader too.
const MOST_MATCHES = 8;

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

class PracticeSearch {
  constructor(input, list, practices, onFind, onClear) {
    Object.assign(this, { input, list, practices, onFind, onClear, active: -1, matches: [] });
    this.texts = practices.map(({ code, name }) => plain(`${code} ${name}`));
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
      this.close();
      this.onClear();
      return;
    }
    // What begins with the words comes first.
    const found = this.texts.map((text, k) => [text.indexOf(sought), k])
      .filter(([place]) => place >= 0).sort(([a, i], [b, j]) => (a > 0) - (b > 0) || i - j);
    this.matches = found.map(([, k]) => k).slice(0, MOST_MATCHES);
    this.list.replaceChildren(...this.matches.map((k, item) => element("li",
      [element("b", this.practices[k].code), ` ${this.practices[k].name}`],
      { role: "option", id: `match-${item}`, "aria-selected": "false" })));
    this.open(this.matches.length > 0);
    this.onFind(null, found.length);
  }

  pressed(event) {
    const count = this.matches.length;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!count) return;
      event.preventDefault();
      this.point((this.active + (event.key === "ArrowDown" ? 1 : count)) % count);
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
    this.input.value = this.practices[practice].code;
    this.close();
    this.onFind(practice, 1);
  }

  open(isOpen) {
    this.active = -1;
    this.list.hidden = !isOpen;
    this.input.setAttribute("aria-expanded", String(isOpen));
    this.input.removeAttribute("aria-activedescendant");
  }

  close() {
    this.open(false);
    this.matches = [];
  }
}
