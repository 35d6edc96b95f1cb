async (asked) => {
  // Without an argument: of what kinds the elements of this page are, and its outline as one more.
  // Given those that no page had yet: what axe finds around some elements of each, and in the whole
  // page where its outline is a new one. A kind is tag, classes, which attributes there are, the
  // values of those that say a role or a state, whether what it points at is there, whether it is
  // shown; all that of the three it stands in too; and the reader's width, colours and language.
  const POINTS = ["for", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "aria-activedescendant"];
  const VALUED = /^(class|role|type|lang|scope|tabindex|href|open|hidden|disabled|checked|multiple|autoplay|controls|data-state|data-theme|data-bs-theme|aria-(?!label$).*)$/;
  const { dataset, lang } = document.documentElement;
  const reader = `${innerWidth} ${dataset.bsTheme} ${lang}`;
  const there = (ids) => ids.split(/\s+/).every((id) => document.getElementById(id));
  const value = ({ name, value }) => {
    if (POINTS.includes(name)) return there(value);
    if (name === "href") return value[0] === "#" && value.length > 1 ? there(value.slice(1)) : "";
    return VALUED.test(name) ? value : Boolean(value.trim());
  };
  const hash = (words) => {
    let [a, b] = [5381, 52711];
    for (let i = 0; i < words.length; i += 1) {
      const code = words.charCodeAt(i);
      [a, b] = [((a * 33) ^ code) >>> 0, ((b * 31) ^ code) >>> 0];
    }
    return a.toString(36) + b.toString(36);
  };
  const found = new Map();
  const note = (kind, e) => found.set(kind, [...(found.get(kind) ?? []), e].slice(0, 3));
  const look = (e, inside) => {
    const attributes = [...e.attributes].map((one) => `${one.name}=${value(one)}`).sort();
    const said = [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
    const own = [e.tagName, said, e.checkVisibility(), ...attributes].join(" ");
    note(hash([reader, own, ...inside].join(" in ")), e);
    for (const child of e.children) look(child, [own, ...inside.slice(0, 2)]);
  };
  look(document.documentElement, []);
  const marks = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6, main, nav, aside, header, footer, [role]")];
  const outline = hash([reader, !document.title, ...marks.map((e) => e.tagName + (e.role ?? "") + Boolean(e.ariaLabel))].join(" "));
  if (!asked) return [...found.keys(), outline];

  const wanted = asked.flatMap((kind) => found.get(kind) ?? []);
  const near = new Set(wanted.map((e) => e.parentElement ?? e));
  // Of three hundred rows that are alike, ten say what there is to say.
  const exclude = [...near].flatMap((e) => [...e.children].filter((row) => !wanted.some((one) => row.contains(one))).slice(10));
  // Off unless asked for, and WCAG 2.2 AA all the same: targets of 24 px.
  const rules = {"target-size": {enabled: true}};
  const ask = async (where, how) => (await axe.run(where, {resultTypes: ["violations"], ...how})).violations;
  const drawn = ["color-contrast", "target-size"]; // each element for itself; the rest the whole page tells as well
  const whole = asked.includes(outline);
  const around = near.size ? await ask({include: [...near], exclude}, whole ? {runOnly: drawn} : {rules}) : [];
  const off = Object.fromEntries(drawn.map((rule) => [rule, {enabled: false}]));
  return [...around, ...(whole ? await ask(document, {rules: off}) : [])].map(
    (one) => [one.id, one.help, one.nodes.slice(0, 4).map((node) => [node.html.slice(0, 160), node.any[0]?.data])]);
}
