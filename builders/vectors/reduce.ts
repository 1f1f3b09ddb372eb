/**
 * Makes vectors of words small and comparable, before they go into a dataset: centred; without the few directions that
 * nearly all words share, which tell frequency rather than meaning (Mu & Viswanath, "All-but-the-top", ICLR 2018); turned
 * to the directions in which they differ most, of which the first few are kept; then rounded to few levels.
 */

import type { WordVectors } from '../sources/vectors.ts';

/** How to reduce. */
export interface ReduceOptions {
  /** Directions left out: those along which the vectors vary most. */
  readonly dropped: number;
  /** Dimensions kept of the rest. */
  readonly dimensions: number;
  /** Numbers are rounded to whole ones from minus to plus this. */
  readonly levels: number;
}

/** Numbers of a vector of length 1 this many times their root mean square apart from 0 get the outermost level. */
const CLIPPED_AT = 3;

/** The reduced vectors, in whole numbers, in the order of the words. Deterministic. */
export function reduceVectors(vectors: WordVectors, options: ReduceOptions): WordVectors {
  const { dimensions: width, rows } = vectors;
  const count = rows.size;
  const values = centred(vectors);
  const axes = principalAxes(covariance(values, width), width);
  const kept = axes.slice(options.dropped, options.dropped + options.dimensions);
  const dimensions = kept.length;
  const reduced = new Float32Array(count * dimensions);
  const step = CLIPPED_AT / (options.levels * Math.sqrt(dimensions));
  const vector = new Float64Array(dimensions);
  for (let row = 0; row < count; row++) {
    let squares = 0;
    for (let d = 0; d < dimensions; d++) {
      const axis = kept[d]!;
      let sum = 0;
      for (let i = 0; i < width; i++) sum += axis[i]! * values[row * width + i]!;
      vector[d] = sum;
      squares += sum * sum;
    }
    const length = Math.sqrt(squares) || 1;
    for (let d = 0; d < dimensions; d++) {
      const level = Math.round(vector[d]! / length / step);
      reduced[row * dimensions + d] = Math.max(-options.levels, Math.min(options.levels, level));
    }
  }
  return { dimensions, rows, values: reduced };
}

function centred({ dimensions, rows, values }: WordVectors): Float64Array {
  const count = rows.size;
  const mean = new Float64Array(dimensions);
  for (let at = 0; at < values.length; at++) mean[at % dimensions]! += values[at]! / count;
  return Float64Array.from(values, (value, at) => value - mean[at % dimensions]!);
}

/** The symmetric matrix of covariances, row by row. */
function covariance(values: Float64Array, width: number): Float64Array {
  const matrix = new Float64Array(width * width);
  for (let at = 0; at < values.length; at += width) {
    for (let i = 0; i < width; i++) {
      const value = values[at + i]!;
      for (let j = 0; j <= i; j++) matrix[i * width + j]! += value * values[at + j]!;
    }
  }
  for (let i = 0; i < width; i++) for (let j = 0; j < i; j++) matrix[j * width + i] = matrix[i * width + j]!;
  return matrix;
}

/** The eigenvectors of a symmetric matrix by falling eigenvalue: cyclic Jacobi rotations. */
function principalAxes(matrix: Float64Array, width: number): Float64Array[] {
  const a = matrix.slice();
  const turned = new Float64Array(width * width);
  for (let i = 0; i < width; i++) turned[i * width + i] = 1;
  const norm = a.reduce((sum, value) => sum + value * value, 0);
  for (let sweep = 0; sweep < 60; sweep++) {
    let off = 0;
    for (let p = 0; p < width; p++) {
      for (let q = p + 1; q < width; q++) {
        off += a[p * width + q]! ** 2;
        rotate(a, turned, p, q, width);
      }
    }
    if (off <= 1e-20 * norm) break;
  }
  const order = Array.from({ length: width }, (_, i) => i).sort((i, j) => a[j * width + j]! - a[i * width + i]!);
  return order.map((column) => Float64Array.from({ length: width }, (_, i) => turned[i * width + column]!));
}

/** Turns the plane of two axes so that their covariance becomes 0. */
function rotate(a: Float64Array, turned: Float64Array, p: number, q: number, width: number): void {
  const apq = a[p * width + q]!;
  if (apq === 0) return;
  const theta = (a[q * width + q]! - a[p * width + p]!) / (2 * apq);
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  for (let i = 0; i < width; i++) {
    const ip = a[i * width + p]!;
    const iq = a[i * width + q]!;
    a[i * width + p] = c * ip - s * iq;
    a[i * width + q] = s * ip + c * iq;
  }
  for (let i = 0; i < width; i++) {
    const pi = a[p * width + i]!;
    const qi = a[q * width + i]!;
    a[p * width + i] = c * pi - s * qi;
    a[q * width + i] = s * pi + c * qi;
    const ip = turned[i * width + p]!;
    const iq = turned[i * width + q]!;
    turned[i * width + p] = c * ip - s * iq;
    turned[i * width + q] = s * ip + c * iq;
  }
}
