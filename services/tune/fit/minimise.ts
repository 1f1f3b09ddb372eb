/**
 * Finds where a smooth function is least, by L-BFGS (Nocedal & Wright 2006, algorithm 7.5): the last few steps tell the
 * curvature, so some hundred evaluations do where plain descent needs thousands. No randomness: same input, same result.
 */

/** The value at `point`; the gradient goes into `gradient`. */
export type Objective = (point: Float64Array, gradient: Float64Array) => number;

/** Steps remembered. */
const MEMORY = 10;
/** Share of the decrease that the slope promises which a step must bring (Armijo). */
const SUFFICIENT = 1e-4;
const SHORTEST_STEP = 1e-10;

/** How far to go. */
export interface MinimiseOptions {
  readonly maxSteps?: number;
  /** Stops when a step lowers the value by less than this share of it. */
  readonly tolerance?: number;
}

/** @returns the point at which it stopped; `start` is left as it is */
export function minimise(
  objective: Objective,
  start: Float64Array,
  { maxSteps = 300, tolerance = 1e-6 }: MinimiseOptions = {},
): Float64Array {
  let point: Float64Array = start.slice();
  let gradient: Float64Array = new Float64Array(point.length);
  let value = objective(point, gradient);
  const steps: Float64Array[] = [];
  const changes: Float64Array[] = [];
  for (let step = 0; step < maxSteps; step++) {
    const direction = descent(gradient, steps, changes);
    let slope = dot(direction, gradient);
    if (!(slope < 0)) {
      // The remembered curvature misleads: fall back to steepest descent.
      steps.length = 0;
      changes.length = 0;
      direction.set(gradient.map((part) => -part));
      slope = -dot(gradient, gradient);
      if (!(slope < 0)) return point;
    }
    let size = steps.length === 0 ? Math.min(1, 1 / Math.sqrt(-slope)) : 1;
    const nextGradient = new Float64Array(point.length);
    let next = along(point, direction, size);
    let nextValue = objective(next, nextGradient);
    while (!(nextValue <= value + SUFFICIENT * size * slope)) {
      size /= 2;
      if (size < SHORTEST_STEP) return point;
      next = along(point, direction, size);
      nextValue = objective(next, nextGradient);
    }
    const moved = next.map((part, i) => part - point[i]!);
    const changed = nextGradient.map((part, i) => part - gradient[i]!);
    if (dot(moved, changed) > 1e-12 * dot(moved, moved)) {
      steps.push(moved);
      changes.push(changed);
      if (steps.length > MEMORY) {
        steps.shift();
        changes.shift();
      }
    }
    const isDone = value - nextValue <= tolerance * Math.max(1, Math.abs(value));
    point = next;
    gradient = nextGradient;
    value = nextValue;
    if (isDone) break;
  }
  return point;
}

/** Minus the gradient through the inverse curvature that the last steps showed. */
function descent(gradient: Float64Array, steps: readonly Float64Array[], changes: readonly Float64Array[]) {
  const direction = gradient.map((part) => -part);
  const shares = new Float64Array(steps.length);
  for (let i = steps.length - 1; i >= 0; i--) {
    shares[i] = dot(steps[i]!, direction) / dot(steps[i]!, changes[i]!);
    add(direction, changes[i]!, -shares[i]!);
  }
  const last = steps.length - 1;
  if (last >= 0) {
    const scale = dot(steps[last]!, changes[last]!) / dot(changes[last]!, changes[last]!);
    for (let i = 0; i < direction.length; i++) direction[i]! *= scale;
  }
  for (let i = 0; i < steps.length; i++) {
    const share = dot(changes[i]!, direction) / dot(steps[i]!, changes[i]!);
    add(direction, steps[i]!, shares[i]! - share);
  }
  return direction;
}

function along(point: Float64Array, direction: Float64Array, size: number): Float64Array {
  return point.map((part, i) => part + size * direction[i]!);
}

function add(to: Float64Array, what: Float64Array, times: number): void {
  for (let i = 0; i < to.length; i++) to[i]! += times * what[i]!;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
