// 标记: the layers that draw cases on a map, each standing with a shape of its own beside its colour.
import { token } from "../areas/ground.js";
import { across, down } from "../areas/view.js";

const SIZE = 22;
const RATIO = 2;
const SMALL = 11; // letters of the overdue ones below a circle
const SHAPES = [
  (pen) => pen.arc(11, 11, 5, 0, 7), // ended
  (pen) => pen.rect(5, 5, 12, 12), // paused
  (pen) => pen.arc(11, 11, 6.5, 0, 7), // on track
  (pen) => [[11, 2.5], [19.5, 11], [11, 19.5], [2.5, 11]].forEach((at) => pen.lineTo(...at)), // due today
  (pen) => [[11, 2], [20.5, 18.5], [1.5, 18.5]].forEach((at) => pen.lineTo(...at)), // overdue
];
// How large a circle is, and how many heights of its letters below its middle the overdue ones are
// written, from so many cases on.
const SIZES = [[0, 14, 1.5], [10, 17, 1.5], [100, 21, 2.1], [1000, 25, 2.5]];
const sizeOf = (count) => SIZES.findLast(([least]) => count >= least);
const steps = (column, as) => ["step", ["get", "count"], as(SIZES[0][column]), ...SIZES.slice(1).flatMap((row) => [row[0], as(row[column])])];
export const colourOf = (c) => [c["ink-2"], c.paused, c["on-track"], c.near, c.overdue];

function drawn(mark, c) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIZE * RATIO;
  const pen = canvas.getContext("2d");
  pen.scale(RATIO, RATIO);
  shape(pen, mark, c);
  return pen.getImageData(0, 0, canvas.width, canvas.height);
}

function shape(pen, mark, c) {
  pen.beginPath();
  SHAPES[mark](pen);
  pen.closePath();
  pen.lineWidth = mark ? 2 : 2.5;
  pen.strokeStyle = mark ? c.surface : c["ink-2"];
  pen.fillStyle = mark ? colourOf(c)[mark] : c.surface;
  pen.fill();
  pen.stroke();
}

// The same on plain canvas, layer by layer: gathered ones, then each by itself, the worst on top;
// returns the room that they take.
export function paint(pen, place, c, told, chosen) {
  const placed = told.map(({ geometry: { coordinates: [lon, lat] }, properties }) => (
    { at: place(across(lon), down(lat)), ...properties }));
  const gathered = placed.filter((one) => one.count);
  const single = placed.filter((one) => one.number).sort((one, other) => one.mark - other.mark);
  gathered.forEach((one) => circle(pen, one, c));
  const late = gathered.filter((one) => one.late).map((one) => overdue(pen, one, c));
  single.forEach((one) => alone(pen, one, c, one.number === chosen));
  const around = ({ at: [x, y], count }) => {
    const half = count ? sizeOf(count)[1] + 2.5 : SIZE / 2;
    return [x, y, half, half];
  };
  return [...placed.map(around), ...late];
}

function ring(pen, [x, y], radius, width, colour) {
  pen.beginPath();
  pen.arc(x, y, radius + width / 2, 0, 7);
  Object.assign(pen, { lineWidth: width, strokeStyle: colour });
  pen.stroke();
}

function circle(pen, { at: [x, y], count, late }, c) {
  const [, radius] = sizeOf(count);
  pen.beginPath();
  pen.arc(x, y, radius, 0, 7);
  pen.fillStyle = c.surface;
  pen.fill();
  ring(pen, [x, y], radius, 2.5, late ? c.overdue : c["ink-2"]);
  Object.assign(pen, { font: `12px ${token("--cx-font")}`, textAlign: "center", textBaseline: "middle", fillStyle: c.ink });
  pen.fillText(String(count), x, y);
}

function overdue(pen, { at: [x, y], count, words }, c) {
  const top = y + sizeOf(count)[2] * SMALL;
  Object.assign(pen, { font: `${SMALL}px ${token("--cx-font")}`, textAlign: "center", textBaseline: "top" });
  Object.assign(pen, { fillStyle: c.overdue, strokeStyle: c.surface, lineWidth: 4, lineJoin: "round" });
  pen.strokeText(words, x, top);
  pen.fillText(words, x, top);
  return [x, top + SMALL / 2, (words.length * SMALL) / 3, SMALL / 2];
}

function alone(pen, { at: [x, y], mark, urgent }, c, chosen) {
  if (urgent) ring(pen, [x, y], 12, 1.5, c.overdue);
  pen.save();
  pen.translate(x - SIZE / 2, y - SIZE / 2);
  shape(pen, mark, c);
  pen.restore();
  if (chosen) ring(pen, [x, y], 15, 3, c.accent);
}

// Drawn anew in the other theme's colours too.
export function drawMarks(map, c) {
  SHAPES.forEach((_shape, mark) => {
    const image = drawn(mark, c);
    if (map.hasImage(`mark-${mark}`)) map.updateImage(`mark-${mark}`, image);
    else map.addImage(`mark-${mark}`, image, { pixelRatio: RATIO });
  });
}

export const layers = (c) => [
  {
    id: "clusters", type: "circle", source: "cases", filter: ["has", "count"],
    paint: {
      "circle-color": c.surface,
      "circle-radius": steps(1, (radius) => radius),
      "circle-stroke-width": 2.5,
      "circle-stroke-color": ["case", [">", ["get", "late"], 0], c.overdue, c["ink-2"]],
    },
  },
  {
    id: "counts", type: "symbol", source: "cases", filter: ["has", "count"],
    layout: {
      "text-field": ["to-string", ["get", "count"]], "text-font": ["system-ui"], "text-size": 12,
      "text-allow-overlap": true,
    },
    paint: { "text-color": c.ink },
  },
  {
    id: "lates", type: "symbol", source: "cases", filter: [">", ["coalesce", ["get", "late"], 0], 0],
    layout: {
      "text-field": ["get", "words"], "text-font": ["system-ui"], "text-size": SMALL, "text-anchor": "top",
      "text-allow-overlap": true,
      "text-offset": steps(2, (below) => ["literal", [0, below]]),
    },
    paint: { "text-color": c.overdue, "text-halo-color": c.surface, "text-halo-width": 2 },
  },
  {
    id: "urgent", type: "circle", source: "cases", filter: ["all", ["has", "number"], ["==", ["get", "urgent"], true]],
    paint: { "circle-radius": 12, "circle-color": "rgba(0,0,0,0)", "circle-stroke-width": 1.5, "circle-stroke-color": c.overdue },
  },
  {
    id: "singles", type: "symbol", source: "cases", filter: ["has", "number"],
    layout: {
      "icon-image": ["concat", "mark-", ["to-string", ["get", "mark"]]], "icon-allow-overlap": true,
      "icon-ignore-placement": true, "symbol-sort-key": ["get", "mark"],
    },
  },
  {
    id: "chosen", type: "circle", source: "cases", filter: ["==", ["get", "number"], ""],
    paint: { "circle-radius": 15, "circle-color": "rgba(0,0,0,0)", "circle-stroke-width": 3, "circle-stroke-color": c.accent },
  },
];

export const components = (c, address) => ({
  source: { type: "vector", tiles: [address], minzoom: 15, maxzoom: 16 },
  layer: {
    id: "components", type: "circle", source: "components", "source-layer": "component", minzoom: 15,
    layout: { visibility: "none" },
    paint: {
      "circle-radius": 3, "circle-color": ["case", ["==", ["get", "state"], "intact"], c["ink-2"], c.near],
      "circle-stroke-width": 1, "circle-stroke-color": c.surface,
    },
  },
});
