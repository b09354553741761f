// counting.ts - a piece of source that two modules are made of.
let counted: i32 = 0;

export function count_up(by: i32): i32 {
  counted += by;
  return counted;
}

export function double_of(v: i32): i32 {
  return v * 2;
}
