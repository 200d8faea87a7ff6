import type { Group } from './group.ts';

interface Item {
  readonly due: number;
  readonly group: Group;
}

/** Items of groups that have gone or moved are left lying until there are this many more than groups. */
const SLACK = 64;

/** Groups by when they are due, the earliest first; those of one time by correlation and key, so the order is always the same. */
export class DueGroups {
  #items: Item[] = [];
  /** Groups that are in the list with the time they are due at. */
  #live = 0;

  /** Puts a group at its time, or moves it there. */
  set(group: Group, due: number): void {
    if (group.due === due) return;
    if (group.due === Infinity) this.#live++;
    group.due = due;
    if (due === Infinity) this.#live--;
    else this.#push({ due, group });
    if (this.#items.length > 2 * this.#live + SLACK) this.#tidy();
  }

  /** Takes out the first that is due at `time` or before. */
  take(time: number): Group | undefined {
    for (let top = this.#items[0]; top !== undefined && top.due <= time; top = this.#items[0]) {
      this.#pop();
      if (top.group.due !== top.due) continue;
      top.group.due = Infinity;
      this.#live--;
      return top.group;
    }
    return undefined;
  }

  #tidy(): void {
    const kept = this.#items.filter(({ due, group }) => group.due === due);
    this.#items = kept.sort((a, b) => (isBefore(a, b) ? -1 : 1));
  }

  #push(item: Item): void {
    const items = this.#items;
    let at = items.length;
    for (; at > 0; at = (at - 1) >> 1) {
      const parent = items[(at - 1) >> 1];
      if (parent === undefined || isBefore(parent, item)) break;
      items[at] = parent;
    }
    items[at] = item;
  }

  #pop(): void {
    const items = this.#items;
    const item = items.pop();
    if (item === undefined || items.length === 0) return;
    let at = 0;
    for (;;) {
      const [left, right] = [items[2 * at + 1], items[2 * at + 2]];
      const isRight = left !== undefined && right !== undefined && isBefore(right, left);
      const child = isRight ? right : left;
      if (child === undefined || isBefore(item, child)) break;
      items[at] = child;
      at = 2 * at + (isRight ? 2 : 1);
    }
    items[at] = item;
  }
}

function isBefore(a: Item, b: Item): boolean {
  if (a.due !== b.due) return a.due < b.due;
  const [before, after] = [a.group.plan.number, b.group.plan.number];
  return before === after ? a.group.key < b.group.key : before < after;
}
