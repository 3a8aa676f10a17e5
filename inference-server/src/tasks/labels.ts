/** Name of a class that the labels do not reach. */
export const unknownLabel = '未知'

/**
 * As many names as the model has classes: 未知 beyond the list, LABEL_0, LABEL_1, … where there is no list.
 * @param classes length of the model's output row
 */
export const namesFor = (labels: readonly string[] | undefined, classes: number): readonly string[] =>
  Array.from({ length: classes }, (_, index) =>
    labels === undefined ? `LABEL_${index}` : (labels[index] ?? unknownLabel),
  )
