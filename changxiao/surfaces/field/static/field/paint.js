// 地图画笔: grounds first, then things, then oneself; colours are the page's own, light or dark.
export function paint(view, map, { tasks, reports, here }) {
  const { canvas, box } = view;
  const ratio = window.devicePixelRatio || 1;
  [canvas.width, canvas.height] = [Math.round(box.width * ratio), Math.round(box.height * ratio)];
  const pen = canvas.getContext("2d");
  pen.scale(ratio, ratio);
  const css = getComputedStyle(canvas);
  const ink = (name) => css.getPropertyValue(`--cx-${name}`).trim();
  if (map) grids(view, pen, map, ink);
  if (map && view.close) components(view, pen, map, ink);
  for (const one of reports) mark(view, pen, one, ink("on-track"), ink("surface"), "ring");
  for (const one of tasks) {
    mark(view, pen, one, ink(one.standing === "overdue" ? "overdue" : "near"), ink("surface"), "square");
  }
  if (here) me(view, pen, here, ink);
}

function grids(view, pen, map, ink) {
  pen.lineWidth = 1;
  pen.strokeStyle = ink("line");
  pen.beginPath();
  for (const cell of map.cells) {
    if (map.cut.has(cell.unit)) continue;
    const [x, y] = view.xy(cell.west, cell.north);
    const [right, bottom] = view.xy(cell.west + map.width, cell.north - map.height);
    if (right > 0 && bottom > 0 && x < view.box.width && y < view.box.height) pen.rect(x, y, right - x, bottom - y);
  }
  for (const rings of map.cut.values()) rings.forEach((ring) => outline(view, pen, ring));
  if (view.scale > 0.06) pen.stroke();
  pen.strokeStyle = ink("accent");
  pen.fillStyle = ink("accent-soft");
  pen.lineWidth = 2;
  for (const one of map.duty.filter((grid) => grid.own)) {
    pen.beginPath();
    one.rings.forEach((ring) => outline(view, pen, ring));
    pen.globalAlpha = 0.45;
    pen.fill("evenodd");
    pen.globalAlpha = 1;
    pen.stroke();
  }
  if (view.scale > 0.08) names(view, pen, map, ink);
}

function names(view, pen, map, ink) {
  pen.font = `12px ${getComputedStyle(view.canvas).fontFamily}`;
  pen.fillStyle = ink("ink-2");
  pen.textAlign = "center";
  for (const one of map.duty.filter((grid) => grid.rings.length)) {
    const ring = one.rings[0];
    const [x, y] = view.xy(ring.reduce((s, p) => s + p[0], 0) / ring.length, ring.reduce((s, p) => s + p[1], 0) / ring.length);
    const words = `${one.name} ${one.code.slice(-3)}`;
    const wide = (Math.max(...ring.map((p) => p[0])) - Math.min(...ring.map((p) => p[0]))) * view.east * view.scale;
    if (pen.measureText(words).width < wide) pen.fillText(words, x, y);
  }
}

function outline(view, pen, ring) {
  ring.forEach(([lon, lat], i) => (i ? pen.lineTo(...view.xy(lon, lat)) : pen.moveTo(...view.xy(lon, lat))));
  pen.closePath();
}

function components(view, pen, map, ink) {
  for (const one of map.components) {
    const [x, y] = view.xy(one.lon, one.lat);
    if (x < -9 || y < -9 || x > view.box.width + 9 || y > view.box.height + 9) continue;
    pen.fillStyle = one.damaged ? ink("overdue") : ink("ink-2");
    pen.beginPath();
    pen.arc(x, y, view.scale > 2 ? 6 : 4, 0, 7);
    pen.fill();
  }
}

function mark(view, pen, one, fill, edge, shape) {
  const [x, y] = view.xy(one.lon, one.lat);
  pen.lineWidth = 3;
  pen.beginPath();
  if (shape === "square") pen.rect(x - 9, y - 9, 18, 18);
  else pen.arc(x, y, 7, 0, 7);
  pen.fillStyle = shape === "square" ? fill : edge;
  pen.strokeStyle = shape === "square" ? edge : fill;
  pen.fill();
  pen.stroke();
}

function me(view, pen, here, ink) {
  const [x, y] = view.xy(here.lon, here.lat);
  pen.fillStyle = pen.strokeStyle = ink("accent");
  pen.lineWidth = 1;
  pen.beginPath();
  pen.arc(x, y, Math.max(here.accuracy * view.scale, 10), 0, 7);
  pen.globalAlpha = 0.18;
  pen.fill();
  pen.globalAlpha = 1;
  pen.stroke();
  pen.beginPath();
  pen.arc(x, y, 7, 0, 7);
  pen.fill();
  pen.strokeStyle = ink("surface");
  pen.lineWidth = 3;
  pen.stroke();
}
