// 位置: the last fix of the phone with its accuracy, or what the collector typed instead.
const line = document.querySelector("[data-place]");
const form = document.querySelector("[data-report] form");
let fix = null;
let watching = null;

const number = (name) => Number.parseFloat(form.elements[name].value);

/** 此处, in WGS-84 degrees and metres; null while nobody knows. */
export function place() {
  const [lon, lat] = [number("lon"), number("lat")];
  if (Number.isFinite(lon) && Number.isFinite(lat)) return { lon, lat, accuracy: 0 };
  return fix;
}

/** 距离 in metres to a task; null without a fix. */
export function metresTo(lon, lat) {
  if (!fix) return null;
  const rad = Math.PI / 180;
  const x = (lon - fix.lon) * rad * Math.cos(((lat + fix.lat) / 2) * rad);
  return Math.round(Math.hypot(x, (lat - fix.lat) * rad) * 6371000);
}

/** 距离 as a person says it; "" while nobody knows. */
export const far = (metres) =>
  metres === null ? "" : metres < 1000 ? `${metres} m` : `${(metres / 1000).toFixed(1)} km`;

const events = new EventTarget();
export const onMove = (heard) => events.addEventListener("move", heard);

export function watch() {
  if (watching !== null || !navigator.geolocation) return;
  watching = navigator.geolocation.watchPosition(
    ({ coords }) => {
      const round = (degrees) => Math.round(degrees * 1e7) / 1e7;
      fix = { lon: round(coords.longitude), lat: round(coords.latitude), accuracy: Math.round(coords.accuracy) };
      line.textContent = line.dataset.found.replace("{m}", String(fix.accuracy));
      line.dataset.state = fix.accuracy > 50 ? "near" : "on-track";
      events.dispatchEvent(new Event("move"));
    },
    () => {
      line.textContent = line.dataset.lost;
      line.dataset.state = "overdue";
    },
    { enableHighAccuracy: true, maximumAge: 15000, timeout: 20000 },
  );
}
