// The city as a map of its own: districts, streets, communities and grids on paper or ink, drawn
// from our vector tiles. No tile server, no glyph server: names are set in the reader's own font.
// `open(box)` draws into an element that `{% map_box %}` has described, and returns a handle.
import { FARTHEST, NEAREST } from "./view.js";

const FONT = ["system-ui"];
export const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

let library;
function load(box) {
  library ??= import(box.dataset.library).then((maplibre) => {
    maplibre.setWorkerUrl(box.dataset.worker);
    return maplibre;
  });
  return library;
}

export function colours() {
  const names = ["paper", "surface", "sunken", "ink", "ink-2", "line", "accent", "accent-soft",
    "on-track", "near", "overdue", "paused"];
  return Object.fromEntries(names.map((name) => [name, token(`--cx-${name}`)]));
}

const line = (level, minzoom, colour, width, extra = {}) => ({
  id: `${level}-line`, type: "line", source: "ground", "source-layer": level, minzoom,
  paint: { "line-color": colour, "line-width": width, ...extra },
});

const label = (level, zooms, colour, halo, size) => ({
  id: `${level}-name`, type: "symbol", source: "ground", "source-layer": `${level}_name`,
  minzoom: zooms[0], maxzoom: zooms[1],
  layout: { "text-field": ["get", "name"], "text-font": FONT, "text-size": size, "text-padding": 6, "text-max-width": 8 },
  paint: { "text-color": colour, "text-halo-color": halo, "text-halo-width": 1.5 },
});

function layers(c, pictures) {
  const land = pictures ? [] : [{ id: "land", type: "fill", source: "ground", "source-layer": "district", paint: { "fill-color": c.surface } }];
  return [
    { id: "sea", type: "background", paint: { "background-color": c.sunken } },
    ...(pictures ? [{ id: "pictures", type: "raster", source: "pictures" }] : []),
    ...land,
    line("unit", 14, c.line, ["interpolate", ["linear"], ["zoom"], 14, 0.4, 17, 1]),
    line("community", 12, c.line, ["interpolate", ["linear"], ["zoom"], 12, 0.6, 16, 2]),
    { ...line("duty", 13, c.accent, ["interpolate", ["linear"], ["zoom"], 13, 0.8, 17, 1.8], { "line-opacity": 0.7 }), layout: { visibility: "none" } },
    line("street", 9, c["ink-2"], ["interpolate", ["linear"], ["zoom"], 9, 0.3, 16, 1.6], { "line-opacity": 0.55 }),
    line("district", 0, c["ink-2"], ["interpolate", ["linear"], ["zoom"], 8, 1, 14, 2.4]),
    label("unit", [16, 24], c["ink-2"], c.surface, 11),
    { ...label("duty", [14, 24], c.accent, c.surface, 12), layout: { ...label("duty", [14, 24]).layout, "text-size": 12, visibility: "none" } },
    label("community", [13, 24], c["ink-2"], c.surface, 12),
    label("street", [11, 15], c.ink, c.surface, 13),
    label("district", [0, 12], c.ink, c.surface, 15),
  ];
}

function style(box) {
  const pictures = box.dataset.pictures;
  const address = new URL(box.dataset.tiles, location.href).href.replaceAll("%7B", "{").replaceAll("%7D", "}");
  const sources = { ground: { type: "vector", tiles: [address], maxzoom: Number(box.dataset.deepest) } };
  if (pictures) {
    const shifted = box.dataset.picturesCrs === "gcj02";
    sources.pictures = { type: "raster", tileSize: 256, maxzoom: 18, attribution: box.dataset.credit,
      tiles: [shifted ? `gcj02://${encodeURI(pictures)}#{z}#{x}#{y}` : pictures] };
  }
  return { version: 8, sources, layers: layers(colours(), pictures) };
}

// `more(colours)` gives the layers above the ground, `painted(map, colours)` draws their pictures;
// both are asked again when the theme changes.
// Shows `centre` at `zoom`, else the box of degrees `within`, else the city.
export async function open(box, { centre, zoom, within, more = () => [], painted, sources = {}, ...options } = {}) {
  const maplibre = await load(box);
  if (box.dataset.picturesCrs === "gcj02") (await import(box.dataset.shift)).register(maplibre);
  const [west, south, east, north] = box.dataset.bounds.split(",").map(Number);
  const bounds = [[west, south], [east, north]];
  const whole = style(box);
  Object.assign(whole.sources, sources);
  whole.layers.push(...more(colours()));
  const [near, far, upright, title] = box.dataset.words.split("|");
  const map = new maplibre.Map({
    container: box,
    style: whole,
    ...(centre ? { center: centre, zoom: zoom ?? 16 } : { bounds: within ?? bounds, fitBoundsOptions: { padding: 24, maxZoom: 15 } }),
    maxBounds: [[west - 0.5, south - 0.4], [east + 0.5, north + 0.4]],
    minZoom: FARTHEST,
    maxZoom: NEAREST,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    fadeDuration: 0,
    attributionControl: box.dataset.credit ? { compact: true } : false,
    localIdeographFontFamily: token("--cx-font"),
    locale: { "NavigationControl.ZoomIn": near, "NavigationControl.ZoomOut": far, "NavigationControl.ResetBearing": upright, "Map.Title": title },
    ...options,
  });
  map.touchZoomRotate.disableRotation();
  if (options.interactive !== false) map.addControl(new maplibre.NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new maplibre.ScaleControl({ maxWidth: 90 }), "bottom-left");
  await map.once("style.load"); // layers and sources may be touched; tiles come when they come
  painted?.(map, colours());
  repaintWithTheme(map, box, more, painted);
  return { map, maplibre };
}

function repaintWithTheme(map, box, more, painted) {
  const watcher = new MutationObserver(() => {
    const c = colours();
    for (const layer of [...layers(c, box.dataset.pictures), ...more(c)]) {
      for (const [name, value] of Object.entries(layer.paint ?? {})) map.setPaintProperty(layer.id, name, value);
    }
    painted?.(map, c);
  });
  watcher.observe(document.documentElement, { attributes: true, attributeFilter: ["data-bs-theme"] });
  map.once("remove", () => watcher.disconnect());
}

export function show(map, level, visible) {
  for (const id of [`${level}-line`, `${level}-name`]) map.setLayoutProperty(id, "visibility", visible ? "visible" : "none");
}
