// 条目: what is put into the queue. The key is made once for a content and saved with it.

/** UUIDv7: ordered by the phone's time, which decides nothing; no secret either. */
export function newKey(now = Date.now()) {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  for (let i = 0; i < 6; i += 1) bytes[i] = Math.floor(now / 2 ** (40 - 8 * i)) % 256;
  bytes[6] = (bytes[6] & 15) | 112;
  bytes[8] = (bytes[8] & 63) | 128;
  return hex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

const hex = (bytes) => [...new Uint8Array(bytes)].map((b) => b.toString(16).padStart(2, "0")).join("");

const TYPES = new Set(["image/png", "image/webp", "video/webm", "video/mp4", "audio/webm", "audio/mp4", "audio/ogg"]);

/** 录音录像 in the manifest: a clip goes the way of a picture, in a role of its own. */
export const clips = (recorder, place) => recorder.clips().map((file) => picture(file, "recording", place));

/** 照片: one picture with its hash, as the manifest names it and as the store keeps it. */
export async function picture(file, role, place) {
  const bytes = await file.arrayBuffer();
  const sha256 = hex(await crypto.subtle.digest("SHA-256", bytes));
  const type = TYPES.has(file.type) ? file.type : "image/jpeg";
  const where = place ? { lon: place.lon, lat: place.lat, accuracy: place.accuracy } : {};
  return { declared: { sha256, role, type, bytes: bytes.byteLength, ...where }, sha256, blob: new Blob([bytes], { type }) };
}

/** 新条目 for `path`; `content` is all that the digest covers and never changes afterwards. */
export function newItem(user, path, content, pictures, title) {
  const photos = [...new Map(pictures.map((p) => [`${p.declared.role}/${p.sha256}`, p.declared])).values()];
  return {
    key: newKey(),
    user,
    path,
    body: { ...content, occurred_at: new Date().toISOString(), photos },
    photos,
    title,
    state: "waiting",
    saved_at: Date.now(),
    tries: 0,
    next_at: 0,
    why: "",
    number: "",
  };
}
