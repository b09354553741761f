/**
 * Steps 3 and 4 of passes.ts for one function: the body that goes into the
 * table, the frame record around it, the call through the slot, and the
 * trampoline that the kernel puts into the slot when somebody is attached.
 */

import binaryen from "assemblyscript/binaryen";
import type { Module } from "./binaryenModule";
import { siteName } from "./passes";

/** The only table of the machine; the linker and the host fix its size. */
export const TABLE = "ftrace";
export const TABLE_SIZE = 32768;

/** Most arguments the trampoline saves for the kernel's handlers. */
const SAVED_ARGUMENTS = 6;

export interface SlotRefs {
  /** Table index of the site, and the id of this version of the function. */
  site(): binaryen.ExpressionRef;
  id(): binaryen.ExpressionRef;
  /** Address of the kernel's area ftrace_regs. */
  regs(): binaryen.ExpressionRef;
}

/** Names under which this link knows the kernel's own tracing functions. */
export interface TraceNames {
  unwindRecord: string;
  caller: string;
  return: string;
  graphActive: string;
}

const UNWINDING = 1;

/** Moves the body of `@NAME` to `NAME`, recording its frame if it sleeps. */
export function makeBody(m: Module, name: string, sleeps: boolean, trace: TraceNames, refs: SlotRefs): void {
  const site = siteName(name);
  const f = binaryen.getFunctionInfo(m.getFunction(site));
  const body = sleeps ? `${name}$body` : name;
  m.addFunction(body, f.params, f.results, f.vars, f.body);
  m.removeFunction(site);
  if (!sleeps) return;
  const call = m.call(body, parameters(m, f.params), f.results);
  const record = m.if(stateIs(m, UNWINDING), m.call(trace.unwindRecord, [refs.id()], binaryen.none));
  keepResult(m, name, f, call, record);
}

/** Defines `@NAME` as a call through the slot. */
export function makeStub(
  m: Module,
  name: string,
  f: { params: binaryen.Type; results: binaryen.Type },
  site: binaryen.ExpressionRef,
): void {
  const args = parameters(m, f.params);
  const call = m.call_indirect(TABLE, site, args, f.params, f.results);
  m.addFunction(siteName(name), f.params, f.results, [], call);
}

export function trampolineName(name: string): string {
  return `ftrace_trampoline:${name}`;
}

/**
 * The trampoline: jumps to what all functions of its type share. Not asyncified
 * and without a frame of its own, so a task that rewinds passes through it and
 * resumes in the version it slept in.
 */
export function makeTrampoline(m: Module, name: string, trace: TraceNames, refs: SlotRefs): void {
  const f = binaryen.getFunctionInfo(m.getFunction(name));
  const shared = sharedTrampoline(m, f, trace, refs);
  const jump = m.return_call(shared, [...parameters(m, f.params), refs.site()], f.results);
  m.addFunction(trampolineName(name), f.params, f.results, [], jump);
}

/**
 * Saves the arguments, asks the kernel which version to call, and calls it.
 * Its last parameter is the site. One for each type, made when first needed.
 */
function sharedTrampoline(m: Module, f: binaryen.FunctionInfo, trace: TraceNames, refs: SlotRefs): string {
  const name = `ftrace_trampoline:of:${f.params}:${f.results}`;
  if (m.getFunction(name) !== 0) return name;
  const types = binaryen.expandType(f.params);
  const site = types.length;
  const target = site + 1;
  const ask = m.call(trace.caller, [m.local.get(site, binaryen.i32)], binaryen.i32);
  const jump = m.return_call_indirect(
    TABLE,
    m.local.get(target, binaryen.i32),
    parameters(m, f.params),
    f.params,
    f.results,
  );
  const graph = m.global.get(trace.graphActive, binaryen.i32);
  const body = [
    ...types
      .slice(0, SAVED_ARGUMENTS)
      .map((type, i) => m.i64.store(8 * i, 8, refs.regs(), asI64(m, m.local.get(i, type), type))),
    m.local.set(target, ask),
    m.if(m.i32.eqz(graph), jump),
    ...callAndReturn(m, f, site, trace),
  ];
  const vars = [binaryen.i32, ...resultVar(f.results)];
  const params = binaryen.createType([...types, binaryen.i32]);
  m.addFunction(name, params, f.results, vars, m.block(null, body, f.results));
  return name;
}

/** The tail of a trampoline while a return handler is active; `site` is the local with the site. */
function callAndReturn(
  m: Module,
  f: binaryen.FunctionInfo,
  site: number,
  trace: TraceNames,
): binaryen.ExpressionRef[] {
  const target = site + 1;
  const result = site + 2;
  const none = f.results === binaryen.none;
  const call = m.call_indirect(
    TABLE,
    m.local.get(target, binaryen.i32),
    parameters(m, f.params),
    f.params,
    f.results,
  );
  const value = none ? m.i64.const(0n) : asI64(m, m.local.get(result, f.results), f.results);
  const leave = m.if(
    m.i32.eqz(stateIs(m, UNWINDING)),
    m.call(trace.return, [m.local.get(site, binaryen.i32), value], binaryen.none),
  );
  if (none) return [call, leave];
  return [m.local.set(result, call), leave, m.local.get(result, f.results)];
}

function keepResult(
  m: Module,
  name: string,
  f: binaryen.FunctionInfo,
  call: binaryen.ExpressionRef,
  after: binaryen.ExpressionRef,
): void {
  const result = binaryen.expandType(f.params).length;
  const body =
    f.results === binaryen.none
      ? [call, after]
      : [m.local.set(result, call), after, m.local.get(result, f.results)];
  const block = m.block(null, body, f.results);
  m.addFunction(name, f.params, f.results, resultVar(f.results), block);
}

function resultVar(results: binaryen.Type): binaryen.Type[] {
  return results === binaryen.none ? [] : [results];
}

function parameters(m: Module, params: binaryen.Type): binaryen.ExpressionRef[] {
  return binaryen.expandType(params).map((type, i) => m.local.get(i, type));
}

function stateIs(m: Module, state: number): binaryen.ExpressionRef {
  const current = m.global.get("__asyncify_state", binaryen.i32);
  return m.i32.eq(current, m.i32.const(state));
}

/** A value as the kernel's handlers see it: 64 bits, integers sign-extended. */
function asI64(m: Module, value: binaryen.ExpressionRef, type: binaryen.Type): binaryen.ExpressionRef {
  if (type === binaryen.i32) return m.i64.extend_s(value);
  if (type === binaryen.f32) return m.i64.extend_s(m.i32.reinterpret(value));
  if (type === binaryen.f64) return m.i64.reinterpret(value);
  return value;
}
