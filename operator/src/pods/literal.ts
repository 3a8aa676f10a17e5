/**
 * A text as an argument of a container, or as the value of a variable, that reaches the program as it is. The kubelet replaces
 * `$(NAME)` there by the variable NAME, Secrets included, and makes one `$` of two.
 */
export const literal = (text: string): string => text.replaceAll('$', '$$$$')
