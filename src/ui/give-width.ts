const usualColumns = 80;

/** A terminal that does not know its width says 0, for which a moving line would have endless lines. */
export function giveWidth(stream: NodeJS.WriteStream): void {
  const give = () => {
    if (stream.columns === 0) stream.columns = usualColumns;
  };
  give();
  stream.on('resize', give);
}
