/** A YAML scalar in double quotes that means exactly `text`. JSON's form is one, but for characters YAML does not take as they are. */
export function yamlString(text: string): string {
  return JSON.stringify(text).replace(/[\u007f-\u009f\ufeff\ufffe\uffff]|\p{Surrogate}/gu, (char) => {
    return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
