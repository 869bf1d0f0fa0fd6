// How a form shows each kind of field. A widget keeps a field's value as text in the typed input, whose type says what
// it is; list, place and rows show controls of their own below it while their type is chosen.

const EXPRESSIONS = ["msg", "flow", "global", "jsonata", "env"];

const TYPES = {
    text: function () {
        return ["str"];
    },
    number: function () {
        return ["num"];
    },
    choice: function (field) {
        return [{ value: "choice", label: "choice", icon: "fa fa-list-ul", showLabel: false, options: buildOptions(field) }];
    },
    search: function (field) {
        return [{ value: "str", label: "search", icon: "fa fa-search", autoComplete: buildSearch(field) }];
    },
    when: function () {
        return [{ value: "when", label: "date and time", icon: "fa fa-calendar", inputType: "datetime-local" }, "str"];
    },
    place: function () {
        return [{ value: "place", label: "latitude, longitude", icon: "fa fa-map-marker", hasValue: false }, "str"];
    },
    list: function () {
        return [
            { value: "list", label: "list", icon: "fa fa-list-ol", hasValue: false },
            { value: "str", label: "text with commas", icon: "red/images/typedInput/az.svg" },
            "json",
        ];
    },
    rows: function () {
        return [{ value: "rows", label: "rows", icon: "fa fa-table", hasValue: false }, "json"];
    },
    secret: function (field) {
        const kept = { value: "secret", label: "secret", icon: "fa fa-lock", hasValue: false };
        const lent = { value: "connection", label: "from the connection", icon: "fa fa-plug", hasValue: false };
        return field.auth ? [lent, kept] : [kept];
    },
};

const CONTROLS = { list: showList, place: showPlace, rows: showRows, secret: showSecret };

/** Turns a field's row of the form into its widget. */
function attachWidget(block, field) {
    const input = $("#node-input-arg_" + field.name);
    const types = TYPES[field.widget](field).concat(
        EXPRESSIONS.filter(function (kind) {
            // No message comes to a trigger.
            return kind !== "msg" || !isTrigger(block);
        })
    );
    input.typedInput({ default: types[0].value || types[0], types: types, typeField: "#node-input-argtype_" + field.name });
    if (CONTROLS[field.widget]) {
        const panel = $("#connector-panel-" + field.name);
        CONTROLS[field.widget](field, panel, input);
        const toggle = function () {
            panel.toggle(input.typedInput("type") === field.widget);
        };
        input.on("change", toggle);
        toggle();
    }
    if (field.choices) {
        attachChoices(block, field, input);
    }
}

function buildOptions(field) {
    const schema = field.schema;
    const none = { value: "", label: field.required ? "choose …" : "not set" };
    const values = schema.enum || ["true", "false"];
    return [none].concat(
        values.map(function (value) {
            const label = (schema.labels || { true: "yes", false: "no" })[value] || value;
            return { value: value, label: String(schema.default) === value ? label + " (what you get without it)" : label };
        })
    );
}

/** Suggestions for what was typed: codes that begin with it first, then names that hold it. */
function buildSearch(field) {
    return function (typed) {
        const wanted = typed.trim().toLowerCase();
        const begins = [];
        const holds = [];
        (field.schema.enum || field.schema.suggestions).forEach(function (code) {
            const name = nameCode(field.schema, code);
            const row = { value: code, label: name === code ? code : code + " – " + name };
            if (code.toLowerCase().indexOf(wanted) === 0) {
                begins.push(row);
            } else if (name.toLowerCase().indexOf(wanted) !== -1) {
                holds.push(row);
            }
        });
        return begins.concat(holds).slice(0, 60);
    };
}

const NAMES = {};

/** What people call a code, in the editor's language, where the schema says what kind of code its parts are. */
function nameCode(schema, code) {
    if (!schema.names || typeof Intl === "undefined" || !Intl.DisplayNames) {
        return code;
    }
    return code
        .split(/[_-]/)
        .map(function (part, index) {
            const kind = schema.names[index];
            NAMES[kind] = NAMES[kind] || new Intl.DisplayNames([navigator.language || "en"], { type: kind });
            return NAMES[kind].of(part) || part;
        })
        .join(", ");
}

function readJson(input) {
    try {
        const value = JSON.parse(input.val() || "[]");
        return Array.isArray(value) ? value : [];
    } catch (_problem) {
        return [];
    }
}

function keep(input, type, value) {
    if (input.typedInput("type") === type) {
        input.typedInput("value", value);
    }
}

function showPlace(_field, panel, input) {
    const pair = String(input.val() || "").split(",");
    const boxes = ["latitude", "longitude"].map(function (name, index) {
        const limit = index === 0 ? 90 : 180;
        return $('<input type="number" step="any">')
            .attr({ placeholder: name, title: name, min: -limit, max: limit })
            .val((pair[index] || "").trim())
            .appendTo(panel);
    });
    panel.addClass("connector-pair");
    panel.on("change keyup", "input", function () {
        const values = boxes.map(function (box) {
            return String(box.val()).trim();
        });
        keep(input, "place", values.join("") ? values.join(", ") : "");
    });
}

function showSecret(field, _panel, input) {
    // The password box comes with the form, for Node-RED fills it; a change of it must judge the field again.
    $("#node-input-secret_" + field.name).on("change keyup", function () {
        input.trigger("change");
    });
}
