import { commandGroups } from '../../src/program.js';
import { type CommandDefinition, nameOf } from '../../src/program/definition.js';

/** Every command with its whole name, as in `sim serve`, those that only have others below them included. */
export const allCommands: readonly (readonly [name: string, definition: CommandDefinition])[] = allBelow(
  commandGroups.flatMap(({ commands }) => commands),
);

function allBelow(
  definitions: readonly CommandDefinition[],
  above = '',
): (readonly [string, CommandDefinition])[] {
  return definitions.flatMap((definition) => {
    const name = `${above}${nameOf(definition)}`;
    return [[name, definition] as const, ...allBelow(definition.commands ?? [], `${name} `)];
  });
}
