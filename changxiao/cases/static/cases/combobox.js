// 候选框: an input whose two characters bring a list from the server (WAI-ARIA combobox with listbox).
//
// `data-combo="address"` on the box; the list's options say what they fill: `data-text` the input
// itself, `data-set-name` the form's field of that name. Then the form hears `chosen`.
const PAUSE = 150;

class Combo {
  constructor(box) {
    this.box = box;
    this.input = box.querySelector("[role=combobox]");
    this.list = box.querySelector("[role=listbox]");
    this.input.addEventListener("input", (event) => this.typed(event));
    this.input.addEventListener("keydown", (event) => this.pressed(event));
    this.input.addEventListener("blur", () => this.close());
    // Not click: the field would lose the focus first, and the list with it.
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const option = event.target.closest("[role=option]");
      if (option) this.choose(option);
    });
  }

  get options() {
    return [...this.list.querySelectorAll("[role=option]")];
  }

  typed(event) {
    clearTimeout(this.waiting);
    this.asking?.abort();
    if (event.isComposing || this.choosing) return;
    this.waiting = setTimeout(() => this.ask(), PAUSE);
  }

  async ask() {
    const words = this.input.value.trim();
    if (words.length < 2) return this.close();
    this.asking = new AbortController();
    const query = new URLSearchParams({ words: words.slice(0, 80) });
    try {
      const answer = await fetch(`${this.box.dataset.combo}?${query}`, {
        headers: { "X-Background": "1" },
        signal: this.asking.signal,
      });
      if (!answer.ok) return this.close();
      this.list.innerHTML = await answer.text();
    } catch {
      return; // asked anew, or no network: what was typed stays
    }
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.mark(this.options[0]);
  }

  mark(option) {
    for (const one of this.options) one.setAttribute("aria-selected", String(one === option));
    this.marked = option;
    if (option) this.input.setAttribute("aria-activedescendant", option.id);
    else this.input.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
  }

  pressed(event) {
    if (event.isComposing) return;
    if (this.list.hidden) {
      if (event.key === "ArrowDown") this.ask();
      // Enter in a search field would send the whole report.
      if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) event.preventDefault();
      return;
    }
    const rows = this.options;
    const at = rows.indexOf(this.marked);
    const go = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (go && rows.length) this.mark(rows[(at + go + rows.length) % rows.length]);
    else if (event.key === "Escape") this.close();
    else if (event.key === "Enter" && this.marked) this.choose(this.marked);
    else if (event.key === "Tab" && this.marked) return this.choose(this.marked);
    else return;
    event.preventDefault();
  }

  choose(option) {
    this.choosing = true;
    this.input.value = option.dataset.text;
    this.close();
    this.input.dispatchEvent(new Event("input", { bubbles: true }));
    take(this.input.form, option);
    this.choosing = false;
  }

  close() {
    clearTimeout(this.waiting);
    this.asking?.abort();
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.mark(null);
  }
}

// Fills the form's fields that the option names, and tells the form.
export function take(form, option) {
  for (const { name, value } of option.attributes) {
    if (name.startsWith("data-set-")) fill(form.elements[name.slice(9)], value, option);
  }
  form.dispatchEvent(new CustomEvent("chosen", { detail: option, bubbles: true }));
}

// A select may not hold the value yet: its options come from the server for another choice.
function fill(field, value, option) {
  if (!field) return;
  if (field.options && ![...field.options].some((one) => one.value === value)) {
    field.add(new Option(option.dataset.note || option.dataset.text, value));
  }
  field.value = value;
}

for (const box of document.querySelectorAll("[data-combo]")) new Combo(box);
