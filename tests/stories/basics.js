() => {
  // What every page owes its reader; returns the troubles of the page that is open.
  const found = [];
  const told = (e) => e.tagName.toLowerCase() + (e.id ? "#" + e.id : "") + "." + (e.className.baseVal ?? e.className);
  const shown = (e) => e.checkVisibility({checkOpacity: true, checkVisibilityCSS: true}) && e.getClientRects().length;
  const wide = document.documentElement.scrollWidth - innerWidth;
  if (wide > 0) found.push("wider than the window by " + wide);

  const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
  for (const id of new Set(ids.filter((id, n) => ids.indexOf(id) !== n))) found.push("id twice: " + id);
  for (const e of document.querySelectorAll("input:not([type=hidden]), select, textarea")) {
    if (shown(e) && !e.labels.length && !e.ariaLabel) found.push("no label: " + told(e) + " " + e.name);
  }
  for (const e of document.querySelectorAll("a[href], button, summary")) {
    const name = (e.innerText || e.textContent).trim() || e.ariaLabel || e.title || e.querySelector("[aria-label],img[alt]");
    if (shown(e) && !name) found.push("no name: " + told(e));
  }
  for (const e of document.querySelectorAll("img:not([alt])")) found.push("no alt: " + told(e));
  if (document.querySelectorAll("h1").length !== 1) found.push("not one h1");
  if (!document.documentElement.lang) found.push("no language");

  const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
  const known = new Map(); // a page has many words in few colours
  const rgba = (colour) => {
    if (!known.has(colour)) {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
      known.set(colour, [...canvas.getImageData(0, 0, 1, 1).data]);
    }
    return known.get(colour);
  };
  const light = ([r, g, b]) => [r, g, b]
    .map((v) => v / 255)
    .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, n) => sum + v * [0.2126, 0.7152, 0.0722][n], 0);
  const ground = (e) => {
    for (let at = e; at; at = at.parentElement) {
      const colour = rgba(getComputedStyle(at).backgroundColor);
      if (colour[3] > 250) return colour;
    }
    return [255, 255, 255, 255];
  };
  for (const e of document.querySelectorAll("body *:not(svg *, option, progress)")) {
    const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
    if (!own || !shown(e) || e.disabled) continue;
    const style = getComputedStyle(e);
    const pair = [light(rgba(style.color)), light(ground(e))].sort((a, b) => b - a);
    const ratio = (pair[0] + 0.05) / (pair[1] + 0.05);
    const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 700);
    if (ratio < (large ? 3 : 4.5)) found.push("contrast " + ratio.toFixed(2) + ": " + told(e) + " " + e.textContent.trim().slice(0, 20));
  }
  return [...new Set(found)];
}
