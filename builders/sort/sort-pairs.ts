/** Sorts `keys[first, end)`, and takes `values` along: quicksort, small ranges by insertion. */
export function sortPairs(keys: Float64Array, values: Float64Array, first: number, end: number): void {
  while (end - first > 16) {
    const a = keys[first]!;
    const b = keys[(first + end) >>> 1]!;
    const c = keys[end - 1]!;
    const pivot = Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
    let left = first;
    let right = end - 1;
    while (left <= right) {
      while (keys[left]! < pivot) left++;
      while (keys[right]! > pivot) right--;
      if (left > right) break;
      const key = keys[left]!;
      keys[left] = keys[right]!;
      keys[right] = key;
      const value = values[left]!;
      values[left++] = values[right]!;
      values[right--] = value;
    }
    // The smaller part first, the larger in this loop: the depth stays logarithmic.
    if (right - first < end - left) {
      sortPairs(keys, values, first, right + 1);
      first = left;
    } else {
      sortPairs(keys, values, left, end);
      end = right + 1;
    }
  }
  for (let i = first + 1; i < end; i++) {
    const key = keys[i]!;
    const value = values[i]!;
    let to = i;
    for (; to > first && keys[to - 1]! > key; to--) {
      keys[to] = keys[to - 1]!;
      values[to] = values[to - 1]!;
    }
    keys[to] = key;
    values[to] = value;
  }
}
