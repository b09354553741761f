/** What became of a struct's fields: objects that exist keep the old layout. */

import type { KLayout } from "./kobject";

export interface LayoutChange {
  /** Path name of the class. */
  name: string;
  /** Field it is about; "" when only the size changed. */
  field: string;
  kind: "moved" | "retyped" | "removed" | "added" | "resized";
  /** Offsets, types or sizes: what the kind says. */
  from: string;
  to: string;
}

interface Field {
  offset: string;
  type: string;
}

function fieldOf(layout: KLayout, name: string): Field | undefined {
  const at = layout.fields[name];
  if (at === undefined) return undefined;
  const colon = at.indexOf(":");
  return { offset: at.slice(0, colon), type: at.slice(colon + 1) };
}

const WIDTHS: Record<string, string> = {
  ...{ bool: "1", i8: "1", u8: "1", i16: "2", u16: "2" },
  ...{ i64: "8", u64: "8", f32: "f4", f64: "f8" },
};

/** Types that look alike in memory; every reference is an address. */
const width = (type: string): string => WIDTHS[type] ?? "4";

/** A field under another name, where the old one was, is the old one. */
export function layoutChanges(name: string, orig: KLayout, patched: KLayout): LayoutChange[] {
  const added = Object.keys(patched.fields).filter((field) => !(field in orig.fields));
  const places = new Set(added.map((field) => place(fieldOf(patched, field)!)));
  const changes: LayoutChange[] = [];
  for (const field of Object.keys(orig.fields)) {
    const old = fieldOf(orig, field)!;
    const now = fieldOf(patched, field);
    const change = { name, field, from: old.offset, to: now?.offset ?? "" };
    if (!now) {
      if (!places.has(place(old))) changes.push({ ...change, kind: "removed" });
    } else if (now.offset !== old.offset) changes.push({ ...change, kind: "moved" });
    else if (width(now.type) !== width(old.type)) {
      changes.push({ ...change, kind: "retyped", from: old.type, to: now.type });
    }
  }
  if (changes.length > 0) return changes;
  const taken = new Set(Object.keys(orig.fields).map((field) => place(fieldOf(orig, field)!)));
  for (const field of added) {
    const { offset, type } = fieldOf(patched, field)!;
    if (!taken.has(place({ offset, type })))
      changes.push({ name, field, kind: "added", from: type, to: offset });
  }
  if (orig.size === patched.size) return changes;
  return [...changes, { name, field: "", kind: "resized", from: `${orig.size}`, to: `${patched.size}` }];
}

const place = ({ offset, type }: Field): string => `${offset}:${width(type)}`;

/** In words. */
export function layoutText({ field, kind, from, to }: LayoutChange): string {
  switch (kind) {
    case "moved":
      return `field ${field} moved from offset ${from} to ${to}`;
    case "retyped":
      return `field ${field} changed its type from ${from} to ${to}`;
    case "removed":
      return `field ${field} was removed from offset ${from}`;
    case "added":
      return `new field ${field} (${from}) at offset ${to}`;
    case "resized":
      return `size ${from} became ${to} bytes`;
  }
}
