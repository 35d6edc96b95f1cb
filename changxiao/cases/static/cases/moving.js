// 可拖动的地图: the cases on a map that moves, opened where the first picture shows them.
import { open, show } from "../areas/ground.js";
import { latOf, lonOf } from "../areas/view.js";
import { components, drawMarks, layers } from "./marks.js";

const collection = (features) => ({ type: "FeatureCollection", features });

class Moving {
  constructor(map) {
    this.map = map;
  }

  get bounds() {
    return this.map.getBounds().toArray().flat();
  }

  get zoom() {
    return this.map.getZoom();
  }

  put(told) {
    this.map.getSource("cases").setData(collection(told));
  }

  choose(number) {
    this.map.setFilter("chosen", ["==", ["get", "number"], number ?? ""]);
  }
}

// Resolves when `told` is drawn; from then on `cases` follows its moves.
export async function moving(box, page, { x, y, zoom }, { cases, told }) {
  const more = components({}, page.dataset.components.replace("0/0/0", "{z}/{x}/{y}"));
  more.source.tiles = more.source.tiles.map((one) => location.origin + one);
  const { map } = await open(box, {
    centre: [lonOf(x), latOf(y)],
    zoom,
    sources: { cases: { type: "geojson", data: collection(told) }, components: more.source },
    more: (c) => [components(c).layer, ...layers(c)],
    painted: (on, c) => drawMarks(on, c),
    hash: true,
  });
  await drawn(map);
  cases.picture = new Moving(map);
  cases.draw(); // what changed meanwhile
  map.on("moveend", () => cases.draw());
  map.on("click", (event) => clicked(map, cases, event));
  for (const layer of ["clusters", "singles"]) {
    map.on("mouseenter", layer, () => { map.getCanvas().style.cursor = "pointer"; });
    map.on("mouseleave", layer, () => { map.getCanvas().style.cursor = ""; });
  }
  switches(map, page);
  return map;
}

function drawn(map) {
  return new Promise((done) => {
    const look = () => {
      if (!map.isSourceLoaded("cases") || !map.isSourceLoaded("ground")) return;
      map.off("render", look);
      requestAnimationFrame(done);
    };
    map.on("render", look);
  });
}

function clicked(map, cases, { point }) {
  const around = [[point.x - 4, point.y - 4], [point.x + 4, point.y + 4]];
  const found = map.queryRenderedFeatures(around, { layers: ["clusters", "singles"] });
  if (!found.length) return;
  const cluster = found.find((one) => one.properties.count);
  if (cluster) map.easeTo({ center: cluster.geometry.coordinates, zoom: map.getZoom() + 2 });
  else cases.pick([...new Set(found.map((one) => one.properties.number))]);
}

function switches(map, page) {
  const turn = ({ dataset: { level }, checked }) => {
    if (level === "duty") show(map, "duty", checked);
    if (level === "components") map.setLayoutProperty(level, "visibility", checked ? "visible" : "none");
  };
  page.addEventListener("change", (event) => turn(event.target));
  for (const box of page.querySelectorAll("[data-level]")) {
    box.disabled = false;
    turn(box); // as it was left, where the browser remembers it
  }
}
