// The form of each block and each trigger, made of what the palette says of its fields.

const ICONS = {
    secret: "lock",
    when: "calendar",
    place: "map-marker",
    rows: "table",
    list: "list-ol",
    choice: "list-ul",
    search: "search",
    number: "hashtag",
    text: "pencil",
};
const MUST = ' <span class="connector-must" title="required">*</span>';

function escapeText(text) {
    return String(text).replace(/[&<>"']/g, function (letter) {
        return "&#" + letter.charCodeAt(0) + ";";
    });
}

/** The form of a block, as HTML: first what must be given; what may be given and how to sign in are folded away. */
function buildForm(block) {
    const rows = block.notice ? ['<div class="connector-notice">' + escapeText(block.notice) + "</div>\n"] : [];
    rows.push(buildPlainRow("name", "Name", "tag"), buildPlainRow("runner", "Runner" + MUST, "server"));
    const pick = function (isPicked) {
        return block.fields.filter(isPicked).map(buildRow);
    };
    rows.push.apply(rows, pick(function (field) {
        return field.first;
    }));
    if (block.entries) {
        rows.push(buildPlainRow("result", "Output", "sign-out"));
    }
    if (isTrigger(block)) {
        rows.push(buildPlainRow("every", "Look every", "clock-o", '<input type="hidden" id="node-input-everyType">\n'));
    }
    if (block.hasBrief) {
        const of = isTrigger(block) ? "Of each event" : block.entries ? "Of each entry" : "Of the answer";
        rows.push(buildPlainRow("detail", of, "filter"));
    }
    rows.push(
        fold("More fields", pick(function (field) {
            return !field.first && !field.auth;
        })),
        fold("Sign-in", pick(function (field) {
            return field.auth;
        }))
    );
    if (block.hint) {
        rows.push('<div class="connector-hint">' + escapeText(block.hint) + "</div>\n");
    }
    return '<div class="connector-form">\n' + rows.join("") + "</div>\n";
}

function fold(title, rows) {
    const summary = "<summary>" + title + " (" + rows.length + ")</summary>\n";
    return rows.length ? "<details>\n" + summary + rows.join("") + "</details>\n" : "";
}

function buildRow(field) {
    const name = escapeText(field.name);
    const title = escapeText(field.title) + (field.required ? MUST : "");
    const secret = field.widget === "secret" ? '<input type="password" id="node-input-secret_' + name + '">' : "";
    return (
        '<div class="form-row">\n' +
        '<label for="node-input-arg_' + name + '" title="' + escapeText(field.name + ": " + field.description) + '">' +
        '<i class="fa fa-' + ICONS[field.widget] + '"></i> ' + title + "</label>\n" +
        '<input type="text" id="node-input-arg_' + name + '" placeholder="' + escapeText(field.placeholder || "") + '">\n' +
        '<input type="hidden" id="node-input-argtype_' + name + '">\n' +
        '<div class="connector-panel" id="connector-panel-' + name + '">' + secret + "</div>\n" +
        '<div class="connector-problem" id="connector-problem-' + name + '"></div>\n' +
        "</div>\n"
    );
}

function buildPlainRow(name, title, icon, more) {
    return (
        '<div class="form-row connector-plain">\n' +
        '<label for="node-input-' + name + '"><i class="fa fa-' + icon + '"></i> ' + title + "</label>\n" +
        '<input type="text" id="node-input-' + name + '">\n' + (more || "") + "</div>\n"
    );
}
