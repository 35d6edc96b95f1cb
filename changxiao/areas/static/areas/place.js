// 位置: the small map of one place. One map goes from case to case, for each would hold a drawing
// context of its own and a page has sixteen; it comes when the reader stays with the place.
import { open } from "./ground.js";

const STAYS = 250; // ms
let kept;
let waiting;

const layers = (c) => [
  {
    id: "place", type: "circle", source: "place",
    paint: { "circle-radius": 7, "circle-color": c.overdue, "circle-stroke-width": 3, "circle-stroke-color": c.surface },
  },
];

async function first(place, centre, data) {
  const content = place.querySelector("template").content.cloneNode(true);
  document.head.append(...content.querySelectorAll("link"));
  const box = content.querySelector("[data-map]");
  put(box, place);
  const { map } = await open(box, {
    centre, zoom: 16, scrollZoom: false, sources: { place: { type: "geojson", data } }, more: layers,
  });
  return { box, map };
}

function put(box, place) {
  (place.querySelector(".sketch") ?? place.querySelector("template")).after(box);
  place.classList.add("is-drawn"); // the sketch gives way, but on paper
}

async function draw(place) {
  const centre = [Number(place.dataset.lon), Number(place.dataset.lat)];
  const data = { type: "Point", coordinates: centre };
  try {
    kept ??= first(place, centre, data);
    const { box, map } = await kept;
    if (box.parentElement === place) return;
    put(box, place);
    map.resize();
    map.getSource("place").setData(data);
    map.jumpTo({ center: centre, zoom: 16 });
  } catch {
    // A browser that draws no map keeps the sketch, where there is one.
    place.classList.remove("is-drawn");
    place.querySelector(".map-box")?.remove();
  }
}

function look() {
  clearTimeout(waiting);
  const place = document.querySelector("[data-place-map]:not(.is-drawn)");
  if (!place?.querySelector("template")) return;
  waiting = setTimeout(() => place.isConnected && draw(place), STAYS);
}

// Whoever saves data keeps the sketch: the map is a megabyte.
if (!navigator.connection?.saveData) {
  document.addEventListener("htmx:afterSettle", look);
  look();
}
