// Lists to pick from: what a field may hold for the account that the runner acts for. Typing stays possible.

/** Milliseconds without a key press before the list is asked for again. */
const PAUSE = 300;

/**
 * Puts a button beside `input` that shows a list below its row.
 *
 * @param {function(string, ?string): Promise} ask gets the text that is searched for and the place behind which to go
 *   on; promises `{ok, choices, next}` or `{ok, text}`
 * @param {function(object)} take is called with the choice (`value`, `label`, `hint`) that was picked
 */
function attachPicks(input, ask, take) {
    const row = input.closest(".form-row").addClass("connector-pickable");
    const panel = $('<div class="connector-picks">').hide().appendTo(row);
    const search = $('<input type="text" placeholder="search" aria-label="search">').appendTo(panel);
    const list = $('<div class="connector-choices">').appendTo(panel);
    const note = $('<div role="status">').appendTo(panel);
    const more = $('<a href="#" class="red-ui-button red-ui-button-small">more</a>').hide().appendTo(panel);
    let next = null;
    let asked = 0;
    let timer = null;

    const load = function (after) {
        const number = (asked += 1);
        note.text("asking …");
        more.hide();
        ask(search.val().trim(), after).then(
            function (answer) {
                // An answer to what was searched before.
                if (number !== asked) {
                    return;
                }
                if (!after) {
                    list.empty();
                }
                (answer.choices || []).forEach(show);
                next = answer.next;
                more.toggle(Boolean(next));
                const isEmpty = list.children().length === 0;
                note.text(answer.ok ? (isEmpty ? (next ? "Nothing so far." : "Nothing is there.") : "") : answer.text);
            },
            function (failure) {
                note.text("Node-RED answered with status " + failure.status + ".");
            }
        );
    };
    const show = function (choice) {
        const line = $('<a href="#">').appendTo(list);
        $("<span>").text(choice.label).appendTo(line);
        $("<small>").text(choice.hint || "").appendTo(line);
        line.on("click", function (event) {
            event.preventDefault();
            take(choice);
        });
    };
    $('<button type="button" class="red-ui-button red-ui-button-small connector-pick" title="choose from a list">')
        .append('<i class="fa fa-list-ul"></i>')
        .insertAfter(row.find(".red-ui-typedInput-container").first())
        .on("click", function () {
            panel.toggle();
            if (panel.is(":visible")) {
                load(null);
                search.trigger("focus");
            }
        });
    search.on("keyup", function () {
        clearTimeout(timer);
        timer = setTimeout(load, PAUSE, null);
    });
    more.on("click", function (event) {
        event.preventDefault();
        load(next);
    });
    return panel;
}

function askNodeRed(name, asked) {
    return $.ajax({
        url: PALETTE.runner.type + "/" + name,
        method: "POST",
        contentType: "application/json",
        data: JSON.stringify(asked),
    });
}

/** The connections that a runner's settings may use, those with `search` in their names. */
function askConnections(settings, search) {
    return askNodeRed("connections", settings).then(function (answer) {
        return Object.assign({}, answer, {
            choices: (answer.choices || []).filter(function (choice) {
                return choice.label.toLowerCase().indexOf(search.toLowerCase()) !== -1;
            }),
        });
    });
}

/** Lets a field be picked: it takes the value, a list one more entry. */
function attachChoices(block, field, input) {
    const isList = field.widget === "list";
    const ask = function (search, after) {
        const runner = $("#node-input-runner").val();
        const config = RED.nodes.node(runner);
        if (!config || config.changed) {
            const text = config ? "Deploy first: the runner's settings were changed." : "Choose a runner first.";
            return $.Deferred().resolve({ ok: false, text: text });
        }
        if (field.schema.connection) {
            return askConnections({ id: runner, url: config.url }, search);
        }
        return askNodeRed("choices", { runner: runner, block: block.name, field: field.name, search: search, after: after });
    };
    const panel = attachPicks(input, ask, function (choice) {
        input.typedInput("type", isList ? "list" : "str");
        if (isList) {
            addEntry($("#connector-panel-" + field.name + " ol"), choice.value, choice.label);
            return;
        }
        input.typedInput("value", choice.value);
        panel.hide();
        const picked = $('<div class="connector-picked">').text(choice.label).insertBefore(panel);
        input.one("change", function () {
            picked.remove();
        });
    });
}
