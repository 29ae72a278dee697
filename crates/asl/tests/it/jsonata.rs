//! The JSONata language itself, each expression as the output of a state.

use maestro_asl::{Mocks, SimulationOptions, check, simulate};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::sync::Arc;

use crate::support::{definition, failure, output};

fn machine(expression: &str) -> Value {
    json!({"QueryLanguage": "JSONata", "StartAt": "S", "States": {
        "S": {"Type": "Pass", "Output": format!("{{% {expression} %}}"), "End": true}
    }})
}

fn input() -> Value {
    json!({
        "name": "Ann Lee", "n": [3, 1, 2], "empty": [], "nothing": null, "deep": {"a": {"b": [{"c": 1}, {"c": [2, 3]}, {}]}},
        "orders": [
            {"id": "o1", "items": [{"sku": "a", "price": 10, "qty": 2}, {"sku": "b", "price": 2.5, "qty": 4}]},
            {"id": "o2", "items": [{"sku": "a", "price": 9, "qty": 1}]}
        ]
    })
}

/// The value of an expression in which `$i` is the input.
fn value(expression: &str) -> Value {
    output(&machine(&format!("($i := $states.input; {expression})")), input(), json!({}))
}

fn fault(expression: &str) -> String {
    let (error, cause) = failure(&machine(&format!("($i := $states.input; {expression})")), input(), json!({}));
    assert_eq!(error, "States.QueryEvaluationError", "{expression}");
    cause.split("threw an error during evaluation. ").nth(1).unwrap_or(&cause).to_owned()
}

#[test]
fn paths_select_and_flatten() {
    for (expression, expected) in [
        ("$i.name", json!("Ann Lee")),
        ("$i.orders.items.sku", json!(["a", "b", "a"])),
        ("$i.orders[0].items[-1].sku", json!("b")),
        ("$i.orders.items[0].sku", json!(["a", "a"])),
        ("($i.orders.items)[0].sku", json!("a")),
        ("$i.orders.items[price > 9].sku", json!("a")),
        ("$i.orders.items[price > 9].sku[]", json!(["a"])),
        ("$i.orders[$count(items) = 1].id", json!("o2")),
        ("$i.n[[0, 2]]", json!([3, 2])),
        ("$i.deep.a.b.c", json!([1, 2, 3])),
        ("$i.deep.**.c", json!([1, 2, 3])),
        ("$i.deep.*.*.c", json!([1, 2, 3])),
        (
            "$i.orders.{'id': id, 'total': $sum(items.(price * qty))}",
            json!([{"id": "o1", "total": 30}, {"id": "o2", "total": 9}]),
        ),
        ("$i.orders.items{sku: $sum(qty)}", json!({"a": 3, "b": 4})),
        ("$i.orders.items^(>price).price", json!([10, 9, 2.5])),
        (
            "$i.orders@$o.$o.items.{'order': $o.id, 'sku': sku}",
            json!([{"order": "o1", "sku": "a"}, {"order": "o1", "sku": "b"}, {"order": "o2", "sku": "a"}]),
        ),
        ("$i.n#$at.($at & ':' & $)", json!(["0:3", "1:1", "2:2"])),
        ("$i.orders.[id]", json!([["o1"], ["o2"]])),
        ("$i.`name`", json!("Ann Lee")),
        ("$i.empty", json!([])),
        ("$i.nothing", json!(null)),
    ] {
        assert_eq!(value(expression), expected, "{expression}");
    }
}

#[test]
fn operators_and_functions_compute() {
    for (expression, expected) in [
        ("1 + 2 * 3 - 4 / 8 % 3", json!(6.5)),
        ("-$i.n[0]", json!(-3)),
        ("'a' & 1 & null & [1, {'x': true}] & $nope", json!("a1null[1,{\"x\":true}]")),
        ("1 < 2 and 'b' >= 'a' or $nope > 1", json!(true)),
        ("[1, 2] = [1, 2] and {'a': 1} != {'a': 2} and 2 in [1, 2]", json!(true)),
        ("[1..4]", json!([1, 2, 3, 4])),
        ("$i.name ? 'yes' : 'no'", json!("yes")),
        ("($f := function($x, $y) { $x + $y }; $f(?, 10)(1))", json!(11)),
        ("$i.n ~> $map(function($v, $at) { $v * $at }) ~> $sum()", json!(5)),
        ("($loop := function($k, $sum) { $k = 0 ? $sum : $loop($k - 1, $sum + $k) }; $loop(5000, 0))", json!(12502500)),
        ("$sort($i.n)", json!([1, 2, 3])),
        ("$sort($i.orders.items, function($l, $r) { $l.price > $r.price }).price", json!([2.5, 9, 10])),
        ("$filter($i.n, function($v) { $v > 1 })", json!([3, 2])),
        ("$reduce($i.n, function($sum, $v) { $sum & $v }, '')", json!("312")),
        ("$single($i.n, function($v) { $v = 2 })", json!(2)),
        ("$merge([{'a': 1}, {'b': 2}])", json!({"a": 1, "b": 2})),
        ("$spread({'a': 1, 'b': 2})", json!([{"a": 1}, {"b": 2}])),
        ("$each({'b': 1, 'a': 2}, function($v, $k) { $k & $v })", json!(["b1", "a2"])),
        ("$sift({'a': 1, 'b': 2}, function($v) { $v = 2 })", json!({"b": 2})),
        ("$keys({'b': 1, 'a': 2})", json!(["b", "a"])),
        ("$lookup({'a': 1}, 'a')", json!(1)),
        ("$distinct([1, 2, 1])", json!([1, 2])),
        ("$zip([1, 2], ['a', 'b', 'c'])", json!([[1, "a"], [2, "b"]])),
        ("$append([1], 2)", json!([1, 2])),
        ("$reverse($i.n)", json!([2, 1, 3])),
        ("$count($nope) & $count(1)", json!("01")),
        ("[$max($i.n), $min($i.n), $average($i.n)]", json!([3, 1, 2])),
        (
            "[$round(2.5), $round(3.5), $round(1.235, 2), $floor(-1.5), $ceil(1.2), $abs(-2), $power(2, 8), $sqrt(9)]",
            json!([2, 4, 1.24, -2, 2, 2, 256, 3]),
        ),
        ("[$number('0x1f'), $number('-1.5e1'), $number(true)]", json!([31, -15, 1])),
        (
            "[$string(5), $string(1.10), $string({'a': [1, null]}), $string('x')]",
            json!(["5", "1.1", "{\"a\":[1,null]}", "x"]),
        ),
        (
            "[$uppercase('aé'), $lowercase('AB'), $trim('  a  b '), $pad('x', -3, '#'), $pad('x', 3)]",
            json!(["AÉ", "ab", "a b", "##x", "x  "]),
        ),
        (
            "[$substring('hello', 1, 3), $substring('hello', -3), $substringBefore('a-b', '-'), $substringAfter('a-b', '-')]",
            json!(["ell", "llo", "a", "b"]),
        ),
        ("[$length('añ'), $contains('abc', 'bc'), $contains('abc', /B/i)]", json!([2, true, true])),
        (
            "[$split('a, b', ', '), $split('a1b22c', /[0-9]+/), $join(['a', 'b'], '-')]",
            json!(["a", "b", "a", "b", "c", "a-b"]),
        ),
        ("$split('a b c', ' ', 2)", json!(["a", "b"])),
        ("$match('ab12', /([a-z])([0-9])/)", json!({"match": "b1", "index": 1, "groups": ["b", "1"]})),
        (
            "[$replace('aXbX', 'X', '-'), $replace('John Smith', /(\\w+)\\s(\\w+)/, '$2, $1'), $replace('a1', /[0-9]/, function($m) { '<' & $m.match & '>' })]",
            json!(["a-b-", "Smith, John", "a<1>"]),
        ),
        (
            "[$base64encode('hi'), $base64decode('aGk='), $encodeUrlComponent('a b&c'), $encodeUrl('http://x/ä?q=1'), $decodeUrlComponent('a%20b')]",
            json!(["aGk=", "hi", "a%20b%26c", "http://x/%C3%A4?q=1", "a b"]),
        ),
        (
            "[$formatNumber(1234.5678, '#,##0.00'), $formatNumber(0.14, '0%'), $formatNumber(-5, '0;(0)'), $formatBase(255, 16)]",
            json!(["1,234.57", "14%", "(5)", "ff"]),
        ),
        (
            "[$formatInteger(2789, 'w'), $formatInteger(1999, 'I'), $formatInteger(1234567, '#,##0'), $formatInteger(3, '1;o'), $parseInteger('MCMXCIX', 'I'), $parseInteger('1,000', '#,##0')]",
            json!(["two thousand, seven hundred and eighty-nine", "MCMXCIX", "1,234,567", "3rd", 1999, 1000]),
        ),
        (
            "[$toMillis('1970-01-01T00:00:01.500Z'), $toMillis('2018', '[Y]'), $toMillis('13/09/2018 4:30 pm', '[D01]/[M01]/[Y0001] [h]:[m01] [Pn]')]",
            json!([1500, 1514764800000_i64, 1536856200000_i64]),
        ),
        (
            "[$fromMillis(0), $fromMillis(1510067557121, '[M01]/[D01]/[Y0001] [h#1]:[m01][P]'), $fromMillis(1521801216617, '[FNn], [D1o] [MNn] [Y0001] [H01][Z0101]', '+0530')]",
            json!(["1970-01-01T00:00:00.000Z", "11/07/2017 3:12pm", "Friday, 23rd March 2018 16+0530"]),
        ),
        (
            "[$type(1), $type('s'), $type([]), $type({}), $type(null), $type(true), $type($sum)]",
            json!(["number", "string", "array", "object", "null", "boolean", "function"]),
        ),
        ("[$boolean([0]), $boolean({}), $not(''), $exists($nope)]", json!([false, false, true, false])),
        (
            "$i ~> |orders|{'items': $count(items)}, 'id'| ~> function($v) { $v.orders }",
            json!([{"items": 2}, {"items": 1}]),
        ),
        ("($f := function($x)<n:n> { $x * 2 }; $f(4))", json!(8)),
        // Those that Step Functions adds.
        ("$partition([1, 2, 3], 2)", json!([[1, 2], [3]])),
        ("[$range(0, 9, 3)]", json!([0, 3, 6, 9])),
        ("$range(5, 5, 1)", json!(5)),
        ("$range(3, 1, -1)", json!([3, 2, 1])),
        ("$hash('input data', 'SHA-1')", json!("aaff4a450a104cd177d28d18d74485e8cae074b7")),
        ("$parse('{\"a\": [1, \"x\"]}').a", json!([1, "x"])),
        ("$random(7) = $random(7) and $random() < 1", json!(true)),
        ("$length($uuid())", json!(36)),
        ("$now() = $fromMillis($millis())", json!(true)),
    ] {
        assert_eq!(value(expression), expected, "{expression}");
    }
}

#[test]
fn faults_have_jsonatas_codes() {
    for (expression, code) in [
        ("1 + 'a'", "T2002: The right side of the + operator must evaluate to a number"),
        ("$i.name()", "T1006: Attempted to invoke a non-function"),
        ("$eval('1')", "T1006: Attempted to invoke a non-function"),
        ("1 < 'a'", "T2009: "),
        ("1 / 0", "D1001: "),
        ("$uppercase(1)", "T0410: Argument 1 of function uppercase does not match function signature"),
        ("$sum(['a'])", "T0412: "),
        ("$number('x')", "D3030: "),
        ("$error('mine')", "D3137: mine"),
        ("$assert(false, 'so')", "D3141: so"),
        ("$toMillis('x')", "D3110: "),
        ("{'a': 1, 'a': 2}", "D1009: "),
        ("{1: 2}", "T1003: "),
        ("[1..20000000]", "D2014: "),
        ("$parse('{')", "D3137: "),
        // Endless work ends: depth, time, memory.
        ("($f := function($x) { $f($x) + 1 }; $f(1))", "U1001: "),
        ("($f := function($x) { $f($x) }; $f(1))", "D1012: "),
        ("($f := function($x) { $f($append($x, $x)) }; $f([1, 2]))", "D1012: "),
        ("$pad('x', 1000000000)", "D1012: "),
    ] {
        let found = fault(expression);
        assert!(found.starts_with(code), "{expression}: {found}");
    }
    assert!(fault("$nope").ends_with("specified for the field 'Output' returned nothing (undefined)."));
    assert!(
        fault("function($x) { $x }").ends_with("specified for the field 'Output' returned an unsupported result type.")
    );
}

#[test]
fn what_cannot_be_read_is_said_with_its_place() {
    for (expression, reason) in [
        ("1 +", "S0207: Unexpected end of expression"),
        ("'open", "S0101: "),
        ("$a.(", "S0207: "),
        ("{'a' 1}", "S0202: Expected :, got 1"),
        ("a ** ** b", "(character "),
        ("/[/", "S0302: "),
        ("1 2", "S0201: Syntax error: 2 (character 3 of `1 2`)"),
        ("$x := ", "S0207: "),
        ("2 := 1", "S0212: "),
    ] {
        let found = check(&machine(expression).to_string()).diagnostics;
        assert!(found.iter().any(|problem| problem.message.contains(reason)), "{expression}: {found:?}");
        assert!(found.iter().all(|problem| problem.pointer == "/States/S/Output"));
    }
    let deep = format!("{}1{}", "(".repeat(5000), ")".repeat(5000));
    assert!(check(&machine(&deep).to_string()).definition.is_none());
    let long = format!("1{}", " + 1".repeat(5000));
    assert!(check(&machine(&long).to_string()).definition.is_none());
}

/// The stack suffices whatever the recursion goes through.
#[test]
fn recursion_is_bounded_on_every_way() {
    for body in [
        "$map([1], function($y) { $f($y) })",
        "$filter([1], function($y) { $f($y) })",
        "$reduce([1, 2], function($y, $z) { $f($z) })",
        "$sort([1, 2], function($y, $z) { $f($z) })",
        "$replace('a', /a/, function($m) { $f($m) })",
        "[1][$f($)]",
        "{'a': $f($x)}",
        "[1].[$f($x)].{'b': $f($x)}",
        "[1]^($f($x))",
        "({'a': 1} ~> |$|{'b': $f($x)}|)",
        "($f ~> $f)($x)",
        "$f(?)($x) + 1",
        "(true ? (false ? 1 : ($f($x) & 'a')) : 2)[0]",
        "$x@$y#$i.{'a': $f($y)}",
    ] {
        let found = fault(&format!("$f := function($x) {{ {body} }}; $f(1)"));
        assert!(found.starts_with("U1001: ") || found.starts_with("D1012: "), "{body}: {found}");
    }
    // Values and functions that nest ever deeper, without the calls doing so.
    for grown in ["[[$x]]", "{'a': $x}", "function() { $x }", "$append([[$x]], 1)", "$merge([{'a': $x}])"] {
        let found = fault(&format!("$f := function($x) {{ $f({grown}) }}; $f(1)"));
        assert!(found.starts_with("U1001: ") || found.starts_with("D1012: "), "{grown}: {found}");
    }
    for grown in ["$g ~> $uppercase", "$g(?)"] {
        let found = fault(&format!("$f := function($g) {{ $f({grown}) }}; $f($lowercase)"));
        assert!(found.starts_with("U1001: ") || found.starts_with("D1012: "), "{grown}: {found}");
    }
    let long = format!("'a'{}", " & 'a'".repeat(200));
    assert_eq!(value(&long), json!("a".repeat(201)));
}

fn fragment() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "$states.input",
        ".",
        "[",
        "]",
        "(",
        ")",
        "{",
        "}",
        "'a'",
        "\"b\"",
        "1",
        "-2.5e3",
        "*",
        "**",
        "^",
        "@$v",
        "#$i",
        "~>",
        ":=",
        "$f",
        "$",
        "$$",
        "function($x)",
        "$map",
        "$sum",
        "$string",
        "$split",
        "$formatNumber",
        "$fromMillis",
        "$toMillis",
        "$substring",
        ",",
        ";",
        "?",
        ":",
        "..",
        "/a+/",
        "|",
        "=",
        "!=",
        "<",
        "and",
        "or",
        "in",
        "&",
        "%",
        "a",
        "`q`",
        "null",
        "true",
        " ",
        "[0]",
        "[]",
        "λ",
        "'[Y]-[MNn]'",
        "'#,##0.0;0'",
        "1e308",
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    /// Whatever the expression, it is refused, or evaluated to a value or an error.
    #[test]
    fn evaluating_never_panics(parts in prop::collection::vec(fragment(), 1..14), free in "[ -~]{0,24}") {
        for text in [parts.concat(), free] {
            if let Some(definition) = check(&machine(&text).to_string()).definition {
                let done = simulate(Arc::new(definition), input(), &Mocks::default(), &SimulationOptions::default());
                prop_assert!(done.is_ok());
            }
        }
    }
}

#[test]
fn a_run_is_repeatable() {
    let machine = definition(&machine("[$random(), $uuid(), $shuffle([1..9]), $now()]"));
    let run =
        || simulate(Arc::clone(&machine), json!({}), &Mocks::default(), &SimulationOptions::default()).unwrap().output;
    assert_eq!(run(), run());
}
