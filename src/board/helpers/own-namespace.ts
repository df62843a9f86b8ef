/**
 * What Python's own functions and exceptions are called (MicroPython's builtins, as far as helpers may use them). Taken from the module
 * `builtins`, whose attributes are the original ones whatever a program has put in their places.
 */
const builtins = new Set(
  (
    'abs all any bool bytearray bytes callable chr classmethod compile dict dir divmod enumerate eval exec filter float getattr globals ' +
    'hasattr hash hex id int isinstance issubclass iter len list locals map max memoryview min next object oct open ord pow print ' +
    'property range repr reversed round set setattr slice sorted staticmethod str sum super tuple type zip __import__ ' +
    'ArithmeticError AssertionError AttributeError BaseException EOFError Exception GeneratorExit ImportError IndexError KeyboardInterrupt ' +
    'KeyError LookupError MemoryError NameError NotImplementedError OSError OverflowError RuntimeError StopIteration SyntaxError ' +
    'SystemExit TypeError ValueError ZeroDivisionError'
  ).split(' '),
);
/** Modules that no file of a board can shadow by their plain names, on any firmware. */
const alwaysBuiltIn = new Set(['builtins', 'esp32', 'gc', 'micropython']);
/**
 * Imports a built-in module under the name that no file shadows, with a u in front; where a firmware does not know that, under its plain one. With
 * names, what the module has under them.
 */
const loader = `def _m(a,b=""):
 try:m=__import__("u"+a)
 except ImportError:m=__import__(a)
 return[getattr(m,c)for c in b.split()]or m
`;
const tokens = /b?r?"(?:\\.|[^"\\\n])*"|b?r?'(?:\\.|[^'\\\n])*'|\.?[A-Za-z_]\w*/g;

/** Shrunk code that depends on no name of the user's, for a namespace of its own. */
export function independent(code: string): string {
  const own = code
    .replace(/^( *(?:try:)?)import ([\w,]+)$/gm, (_, start: string, names: string) => start + imports(names))
    .replace(
      /^( *(?:try:)?)from (\w+) import ([\w,]+)$/gm,
      (all, start: string, module: string, names: string) =>
        alwaysBuiltIn.has(module)
          ? all
          : `${start}[${names}]=_m("${module}","${names.replaceAll(',', ' ')}")`,
    );
  const whole = own.includes('_m(') ? loader + own : own;
  const used = [...new Set(whole.match(tokens) ?? [])].filter((token) => builtins.has(token));
  return used.length === 0 ? whole : `from builtins import ${used.join(',')}\n${whole}`;
}

function imports(names: string): string {
  const modules = names.split(',');
  const plain = modules.filter((name) => alwaysBuiltIn.has(name));
  const loaded = modules.filter((name) => !alwaysBuiltIn.has(name)).map((name) => `${name}=_m("${name}")`);
  return [...(plain.length > 0 ? [`import ${plain.join(',')}`] : []), ...loaded].join(';');
}
