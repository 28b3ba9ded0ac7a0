import { hash32 } from "../deterministic.ts";
import type { Picture } from "./picture.ts";

const hillLayers = 3;
const starCount = 6;

/**
 * An SVG landscape whose colours, hills and sun depend on prompt, seed and index. No text: it would need fonts, which a
 * container may lack and which differ between machines.
 */
export function drawLandscape({ prompt, seed, index, width, height, black }: Picture): string {
  const open = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 100 100" preserveAspectRatio="none">`;
  if (black) return `${open}<rect width="100" height="100" fill="#000"/></svg>`;

  // The drawing is stretched from 100 × 100 to the picture, so a disc is drawn as the ellipse that the stretch makes round.
  const side = Math.min(width, height);
  const disc = (x: number, y: number, radius: number, fill: string) =>
    `<ellipse cx="${x}" cy="${y}" rx="${(radius * side) / width}" ry="${(radius * side) / height}" fill="${fill}"/>`;
  const next = createSequence(hash32(prompt, seed, index));
  const hue = Math.floor(next() * 360);
  const shapes = [
    `<defs><linearGradient id="sky" x2="0" y2="1"><stop stop-color="hsl(${hue},60%,${25 + next() * 20}%)"/>`,
    `<stop offset="1" stop-color="hsl(${(hue + 40 + next() * 60) % 360},75%,72%)"/></linearGradient></defs>`,
    `<rect width="100" height="100" fill="url(#sky)"/>`,
  ];
  for (let star = 0; star < starCount; star += 1) {
    shapes.push(disc(next() * 100, next() * 45, 0.3 + next() * 0.6, "#fff"));
  }
  shapes.push(disc(15 + next() * 70, 20 + next() * 40, 5 + next() * 9, `hsl(${(hue + 180) % 360},85%,80%)`));
  for (let layer = 0; layer < hillLayers; layer += 1) {
    const top = 50 + layer * 14;
    const [left, middle, right] = [top + next() * 12, top - 14 + next() * 24, top + next() * 12];
    const shade = `hsl(${(hue + layer * 12) % 360},35%,${38 - layer * 11}%)`;
    shapes.push(`<path d="M0 ${left}Q${25 + next() * 50} ${middle} 100 ${right}V100H0Z" fill="${shade}"/>`);
  }
  return `${open}${shapes.join("")}</svg>`;
}

/** Numbers in [0, 1) from a 32-bit seed (mulberry32). */
function createSequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
