// dark_core.codec for the browser, so that what is dragged is drawn in the same frame. tests/components holds it to
// the numbers of codec/reference.py, and a browser test compares every value that is drawn with dark_core's.
// A map is {w, h, v}, v a Float64Array row by row; a point is [x, y] in heatmap px, an integer being a pixel's center.
// Names and order follow codec/*.py, where the sources are.

const CENTER = { unbiased: (c) => c, floor: Math.floor, round: (c) => Math.floor(c + 0.5) };
const FINE = 0, FLAT = 2, NOT_CONCAVE = 3, BOUNDED = 4, TOO_SMALL = 5, NOT_POSITIVE = 6; // codec/status.py
const OTHER_PEAK = 8, OTHER_PEAK_BOUNDED = 9;
const CUT = [BOUNDED, OTHER_PEAK_BOUNDED], STEPPED = [FINE, OTHER_PEAK, ...CUT];

const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
const apart = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]);
const quantize = (xy, method) => xy.map(CENTER[method]);
const at = (map, x, y) => map.v[y * map.w + x];

function newMap(w, h, value) {
  const v = new Float64Array(w * h);
  for (let y = 0, i = 0; y < h; y++) for (let x = 0; x < w; x++, i++) v[i] = value(x, y, i);
  return { w, h, v };
}

function encode(xy, w, h, sigma, method = "unbiased") {
  const [cx, cy] = quantize(xy, method);
  const bell = (length, c) => Float64Array.from({ length }, (_, i) => Math.exp(-0.5 * ((i - c) / sigma) ** 2));
  const column = bell(w, cx), row = bell(h, cy);
  return newMap(w, h, (x, y) => row[y] * column[x]);
}

const TAILS = 2.5; // codec/_smooth.py: sigmas after which the kernel ends
const CLIMB = 8, HIGHER = 1 + 1e-5, WEAK = 0.25; // codec/_fast/matched_filter.py
const NEAR_PEAK = 1.5; // codec/_fast/near_peak.py: heatmap px

function smooth(map, sigma) {
  if (sigma === 0) return map;
  const reach = Math.ceil(TAILS * sigma);
  const bell = (k) => Math.exp(-0.5 * (k / sigma) ** 2);
  let total = 0;
  for (let k = -reach; k <= reach; k++) total += bell(k);
  const kernel = Float64Array.from({ length: Math.max(map.w, map.h) }, (_, k) => (k <= reach ? bell(k) / total : 0));
  const along = (count, length, stride, step, from) => {
    const out = new Float64Array(from.length);
    for (let line = 0; line < count; line++) {
      for (let i = 0; i < length; i++) {
        let sum = 0;
        for (let j = 0; j < length; j++) sum += kernel[Math.abs(i - j)] * from[line * stride + j * step];
        out[line * stride + i * step] = sum;
      }
    }
    return out;
  };
  const v = along(map.w, map.h, 1, map.w, map.v);
  return { w: map.w, h: map.h, v: along(map.h, map.w, map.w, 1, v) };
}

function peak(map) {
  let best = 0;
  for (let i = 1; i < map.v.length; i++) if (map.v[i] > map.v[best]) best = i;
  return [best % map.w, Math.floor(best / map.w)];
}

// The pixel of a smoothed map that DARK starts from: climbed to from the raw peak, or where little stands there,
// from the largest one of all, if it is positive and higher.
function matchedPeak(raw, smoothed) {
  const m = peak(raw), found = climbed(smoothed, m);
  const height = at(smoothed, ...found), top = at(raw, ...m);
  if (!(top > 0 && height < WEAK * top)) return found;
  const anew = climbed(smoothed, peak(smoothed)), higher = at(smoothed, ...anew);
  return higher > 0 && higher > height ? anew : found;
}

function climbed(map, m) {
  if (Math.min(map.w, map.h) < 3) return m;
  const inside = ([x, y]) => [clamp(x, 1, map.w - 2), clamp(y, 1, map.h - 2)];
  const highest = ([x, y]) => {
    let best = [x, y], least = HIGHER * at(map, x, y);
    for (let v = y - 1; v <= y + 1; v++) {
      for (let u = x - 1; u <= x + 1; u++) if (at(map, u, v) > least) [best, least] = [[u, v], at(map, u, v)];
    }
    return best;
  };
  let center = inside(m);
  for (let k = 0; k < CLIMB; k++) center = inside(highest(center));
  return highest(center);
}

function newtonStep(map, m) {
  const none = { center: m, log: null, gradient: [0, 0], hessian: [0, 0, 0], offset: [0, 0], xy: m, reason: TOO_SMALL };
  if (Math.min(map.w, map.h) < 3) return none;
  const center = [clamp(m[0], 1, map.w - 2), clamp(m[1], 1, map.h - 2)];
  const patch = [];
  for (let y = -1; y < 2; y++) for (let x = -1; x < 2; x++) patch.push(at(map, center[0] + x, center[1] + y));
  const top = Math.max(...patch), positive = top > 0 ? top : 1;
  const log = patch.map((p) => Math.log(Math.max(Math.max(p, 0) / positive, 1e-10)) + Math.log(positive));
  const [nw, n, ne, w, c, e, sw, s, se] = log;
  const dx = 0.5 * (e - w), dy = 0.5 * (s - n);
  const dxx = e - 2 * c + w, dyy = s - 2 * c + n, dxy = 0.25 * (se - sw - ne + nw);
  const determinant = dxx * dyy - dxy * dxy;
  const concave = dxx < 0 && dyy < 0 && determinant > 1e-12 && top > 0;
  const offset = concave ? [-(dyy * dx - dxy * dy) / determinant, -(dxx * dy - dxy * dx) / determinant] : [0, 0];
  const landed = concave ? [center[0] + offset[0], center[1] + offset[1]] : m;
  const xy = landed.map((p, axis) => clamp(p, m[axis] - 1, m[axis] + 1));
  const cut = xy[0] !== landed[0] || xy[1] !== landed[1];
  const reason = top > 0 ? (concave ? (cut ? BOUNDED : FINE) : NOT_CONCAVE) : NOT_POSITIVE;
  return { center, log, gradient: [dx, dy], hessian: [dxx, dxy, dyy], offset, xy, reason };
}

// A step from the smoothed peak as seen from the raw one, m: a fallback is moved to m, a position far from it says so.
function seenFrom(m, step, flat) {
  const stepped = STEPPED.includes(step.reason), far = stepped && apart(step.xy, m) > NEAR_PEAK;
  const reason = far ? (step.reason === FINE ? OTHER_PEAK : OTHER_PEAK_BOUNDED) : step.reason;
  return { ...step, xy: !stepped || (flat && far) ? m : step.xy, reason: flat ? FLAT : reason };
}

function quarterShift(map) {
  const [x, y] = peak(map);
  const slope = (before, after) => 0.25 * Math.sign(after - before);
  const dx = x > 0 && x < map.w - 1 ? slope(at(map, x - 1, y), at(map, x + 1, y)) : 0;
  const dy = y > 0 && y < map.h - 1 ? slope(at(map, x, y - 1), at(map, x, y + 1)) : 0;
  return [x + dx, y + dy];
}

function weightedAverage(map) {
  let total = 0, sx = 0, sy = 0;
  map.v.forEach((value, i) => {
    const weight = Math.max(value, 0);
    total += weight;
    sx += weight * (i % map.w);
    sy += weight * Math.floor(i / map.w);
  });
  return total > 0 ? [sx / total, sy / total] : peak(map);
}

// Every reading the pages draw, and what it went through: {argmax: [x, y], …, dark: [x, y]}, steps as in trace.
function readAll(raw, kernel) {
  const smoothed = smooth(raw, kernel);
  const m = kernel ? matchedPeak(raw, smoothed) : peak(raw);
  const flat = raw.v.every((value) => value === raw.v[0]);
  const alone = newtonStep(raw, peak(raw)), step = seenFrom(peak(raw), newtonStep(smoothed, m), flat);
  const landings = {
    argmax: peak(raw),
    quarter_shift: quarterShift(raw),
    weighted_average: weightedAverage(raw),
    taylor: alone.xy,
    dark: step.xy,
  };
  return { raw, smoothed, rawPeak: peak(raw), peak: m, alone, step, landings, reason: step.reason };
}

// A real map, or the one that a case asks for as the visitor has moved it (simulation/heatmaps.py, SimulatedHeatmap.heatmap).
const floats = (text) => new Float32Array(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);

function mapOf({ size: [w, h], sigma, made, noise, map }, { x, y, noise: level, pedestal = 0, second = 0 }) {
  if (!made) return { w, h, v: Float64Array.from(floats(map)) };
  const first = encode([x, y], w, h, sigma), other = encode(made.second_at, w, h, sigma), field = floats(noise);
  return newMap(w, h, (_x, _y, i) => made.amplitude * first.v[i] + second * other.v[i] + pedestal + level * field[i]);
}
