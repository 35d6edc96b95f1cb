// 标记: the layers that draw cases on a map, each standing with a shape of its own beside its colour.
const SIZE = 22;
const RATIO = 2;
const SHAPES = [
  (pen) => pen.arc(11, 11, 5, 0, 7), // ended
  (pen) => pen.rect(5, 5, 12, 12), // paused
  (pen) => pen.arc(11, 11, 6.5, 0, 7), // on track
  (pen) => [[11, 2.5], [19.5, 11], [11, 19.5], [2.5, 11]].forEach((at) => pen.lineTo(...at)), // due today
  (pen) => [[11, 2], [20.5, 18.5], [1.5, 18.5]].forEach((at) => pen.lineTo(...at)), // overdue
];
export const colourOf = (c) => [c["ink-2"], c.paused, c["on-track"], c.near, c.overdue];

function drawn(mark, c) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIZE * RATIO;
  const pen = canvas.getContext("2d");
  pen.scale(RATIO, RATIO);
  pen.beginPath();
  SHAPES[mark](pen);
  pen.closePath();
  pen.lineWidth = mark ? 2 : 2.5;
  pen.strokeStyle = mark ? c.surface : c["ink-2"];
  pen.fillStyle = mark ? colourOf(c)[mark] : c.surface;
  pen.fill();
  pen.stroke();
  return pen.getImageData(0, 0, canvas.width, canvas.height);
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
      "circle-radius": ["step", ["get", "count"], 14, 10, 17, 100, 21, 1000, 25],
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
      "text-field": ["get", "words"], "text-font": ["system-ui"], "text-size": 11, "text-anchor": "top",
      "text-allow-overlap": true,
      "text-offset": ["step", ["get", "count"], ["literal", [0, 1.5]], 100, ["literal", [0, 2.1]], 1000, ["literal", [0, 2.5]]],
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
