// 小类: what a report is about; favourites first, then what was used last on this phone.
const SHOWN = 30;
const used = () => JSON.parse(localStorage.getItem("field-used") ?? "{}");
const stars = () => new Set(JSON.parse(localStorage.getItem("field-stars") ?? "[]"));

/** 选小类 in `root` by the words of `search`; `onChoose` hears each choice. */
export function chooser(root, search, onChoose) {
  const find = (name, from = root) => from.querySelector(`[data-${name}]`);
  let [subjects, chosen] = [[], null];

  // Ten criteria are nine tenths of a collector's day.
  function ordered() {
    const [last, liked] = [used(), stars()];
    const rank = (one) => (liked.has(one.id) ? 2e15 : 0) + (last[one.id] ?? 0);
    return subjects.map((one) => [rank(one), one]).sort((a, b) => b[0] - a[0]).map((pair) => pair[1]);
  }

  function draw() {
    const words = search.value.trim().toLowerCase();
    const fits = (one) => !words || one.text.toLowerCase().includes(words) || one.id.includes(words);
    const rows = ordered().filter(fits).slice(0, SHOWN);
    find("subjects").replaceChildren(...rows.map(choice));
    find("none").hidden = subjects.length > 0;
  }

  function choice(one) {
    const row = find("subject").content.firstElementChild.cloneNode(true);
    const [radio, star] = [row.querySelector("input"), row.querySelector("button")];
    radio.value = one.id;
    radio.checked = chosen?.id === one.id;
    radio.addEventListener("change", () => choose(one));
    find("name", row).textContent = one.name;
    find("condition", row).textContent = one.condition;
    star.setAttribute("aria-pressed", String(stars().has(one.id)));
    star.addEventListener("click", () => like(one));
    return row;
  }

  function choose(one) {
    chosen = one;
    onChoose(one);
  }

  function like(one) {
    const liked = stars();
    if (!liked.delete(one.id)) liked.add(one.id);
    localStorage.setItem("field-stars", JSON.stringify([...liked]));
    draw();
  }

  search.addEventListener("input", draw);
  return {
    draw,
    chosen: () => chosen,
    clear: () => choose(null),
    take(rows) {
      subjects = rows;
      if (chosen) chosen = subjects.find(({ id }) => id === chosen.id) ?? chosen;
      draw();
    },
    /** 预选 the first criterion of a sub-category that was named otherwise. */
    preset(kind, name) {
      search.value = name;
      const one = ordered().find(({ subcategory }) => subcategory === kind);
      if (one) {
        search.value = one.name;
        choose(one);
      }
      draw();
    },
    remember: () => localStorage.setItem("field-used", JSON.stringify({ ...used(), [chosen.id]: Date.now() })),
  };
}
