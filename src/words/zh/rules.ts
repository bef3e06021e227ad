import type { Catalog } from '../translate.ts'

/** Problems of rules. */
export const RULES: Catalog = {
  'a regular expression': '正则表达式',
  'not a regular expression of RE2: {why...}': '不是 RE2 的正则表达式：{why...}',
  'missing closing ): {text!}': '缺少右括号 )：{text!}',
  'missing closing ]: {text!}': '缺少右括号 ]：{text!}',
  'unexpected ): {text!}': '多余的右括号 )：{text!}',
  'missing argument to repetition operator: {text!}': '重复运算符缺少对象：{text!}',
  'invalid nested repetition operator: {text!}': '重复运算符不能叠加：{text!}',
  'invalid repeat count: {text!}': '重复次数无效：{text!}',
  'invalid character class range: {text!}': '字符范围无效：{text!}',
  'invalid escape sequence: {text!}': '转义序列无效：{text!}',
  'trailing backslash at end of expression: {text!}': '表达式以反斜杠结尾：{text!}',
  'invalid named capture: {text!}': '分组名称无效：{text!}',
  'invalid or unsupported Perl syntax: {text!}': '不支持的 Perl 语法：{text!}',
  'a method such as GET, or a list of them': '方法（例如 GET）或其列表',
  'a method such as GET, in capitals': '大写的方法，例如 GET',
  'a network such as 10.0.0.0/8, or a list of them': '网段（例如 10.0.0.0/8）或其列表',
  'a network such as 10.0.0.0/8 or 2001:db8::/32': '网段，例如 10.0.0.0/8 或 2001:db8::/32',
  'a media type such as application/json or image/*, or a list of them':
    '媒体类型（例如 application/json 或 image/*）或其列表',
  'a media type such as application/json or image/*': '媒体类型，例如 application/json 或 image/*',
  'names of headers, each with {value...}': '请求头名称，各带{value...}',
  'names of cookies, each with {value...}': 'Cookie 名称，各带{value...}',
  'names of parameters, each with {value...}': '参数名称，各带{value...}',
  'a value, or one of { prefix: }, { regex: } and { present: }':
    '一个值，或 { prefix: }、{ regex: }、{ present: } 之一',
  'a name without spaces and separators': '不含空格和分隔符的名称',
  'text of at most 1000 printable characters': '至多 1000 个可打印字符的文本',
  'less than least, so that no request matches': '小于 least，因此没有请求匹配',
}
