import { describe, expect, it } from 'vitest';
import { helperCall } from '../../../src/board/helpers/device-code.js';
import { helperCode } from '../../../src/board/helpers/helper-code.js';
import { shrinkPython } from '../../../src/board/helpers/shrink-python.js';

describe('shrinkPython', () => {
  it('drops comments, empty lines and dispensable spaces', () => {
    const source = '# About\ndef _upyw(x):\n    # why\n\n    return x  # done\n';
    expect(shrinkPython(source)).toBe('def _upyw(a):return a\n');
  });

  it('leaves strings as they are', () => {
    const source = `name = "name # is  'name'"\nother = b'a = name' + "\\"#"\n`;
    expect(shrinkPython(source)).toBe(`a="name # is  'name'"\nb=b'a = name'+"\\"#"\n`);
  });

  it('shortens what the code binds and nothing else', () => {
    const source = [
      'from hashlib import sha256',
      'for index, (path, size) in enumerate(files):',
      '    file.path = path.index + size',
      '    total += size',
      '    with open(path) as handle:',
      '        print(handle if not total else None)',
    ].join('\n');
    expect(shrinkPython(source)).toBe(
      [
        'from hashlib import sha256',
        'for e,(a,b)in enumerate(files):',
        ' file.path=a.index+b',
        ' c+=b',
        ' with open(a)as d:print(d if not c else None)',
        '',
      ].join('\n'),
    );
  });

  it('leaves the names of methods, which others call', () => {
    const source = [
      'class Source(IOBase):',
      '    def readinto(self, target):',
      '        return source.readinto(target)',
    ].join('\n');
    expect(shrinkPython(source)).toBe('class b(IOBase):\n def readinto(self,a):return source.readinto(a)\n');
  });

  it('keeps blocks apart that have blocks in them', () => {
    const source = 'try:\n    if x:\n        y()\nexcept OSError:\n    pass\nelse:\n    y()\n    y()\n';
    expect(shrinkPython(source)).toBe('try:\n if x:y()\nexcept OSError:pass\nelse:\n y()\n y()\n');
  });

  it('does not take a letter that means something already', () => {
    expect(shrinkPython('long = a + b\n')).toBe('c=a+b\n');
  });
});

describe('helpers', () => {
  it('get their arguments as literals and leave nothing behind', async () => {
    const code = await helperCall('remove', "it's\n", true);
    expect(code).toContain('\n_upyw(\'it\\\'s\\n\',True)\n"""\ntry:\n if _upyw_b.int.from_bytes(');
    expect(code).toMatch(/\nfinally:\n del _upyw,_upyw_b\n$/);
  });

  it('take what they need from modules that no file shadows, and from the original builtins', async () => {
    const code = await helperCall('info');
    expect(code).toContain('import gc;os=_m("os");sys=_m("sys")');
    expect(code).toContain('[hexlify]=_m("binascii","hexlify")');
    expect(code).toMatch(
      /r"""from builtins import (?=.*\bprint\b)(?=.*\bgetattr\b)(?=.*\b__import__\b).*\ndef _m/,
    );
    expect(code.match(/^ *(?:from|import) (?!builtins|gc)/gm)).toBeNull();
  });

  it('include the part that the receivers share', async () => {
    const code = await helperCode('receive');
    expect(code).toContain('os.statvfs');
    expect(code).not.toContain('include');
  });

  it('stay small: each byte takes 87 µs to get to a board', async () => {
    expect((await helperCode('list')).length).toBeLessThan(650);
    expect((await helperCode('send')).length).toBeLessThan(650);
    expect((await helperCode('receive')).length).toBeLessThan(3300);
  });
});
