import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isSelected, parseSelector } from './label-selector.ts'

const labels = { app: 'web', 'gantry.dev/model': 'shop', empty: '' }

test('a selector selects as kubectl does', () => {
  const selects = (text: string): boolean | undefined => {
    const parsed = parseSelector(text)
    return parsed && isSelected(parsed, labels)
  }
  for (const text of [
    ...['', 'app=web', 'app==web,gantry.dev/model=shop', 'app in (api, web),!old', 'app', 'empty='],
    ...['app!=api', 'old!=x', 'app notin (api,db)', 'empty in (,x)'],
  ])
    assert.equal(selects(text), true, text)
  for (const text of ['app=api', 'app!=web', 'old', '!app', 'app in (api)', 'old=', 'app notin (web)'])
    assert.equal(selects(text), false, text)
})

test('what is no selector is refused, and does not select all', () => {
  for (const text of ['app=web,', 'app>3', 'app in web', '=x', 'app=a b', 'a'.repeat(5000), 'app in (a,(b))'])
    assert.equal(parseSelector(text), undefined, text)
  // Each gap could be divided in five ways, and all of them together in more than can be tried.
  assert.equal(parseSelector(`app in (${',    '.repeat(100)}!)`), undefined)
  assert.equal(parseSelector(`app in (a b)`), undefined)
})
