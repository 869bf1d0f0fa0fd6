// Fields of several values, edited entry by entry or row by row.

function showList(field, panel, input) {
    const list = $("<ol>").appendTo(panel);
    const known = "connector-known-" + field.name;
    offerValues(known, field.schema.items, panel);
    const save = function () {
        hideEmpty(list);
        const values = list
            .editableList("items")
            .map(function () {
                return $(this).find("input").val().trim();
            })
            .get();
        const filled = values.filter(Boolean);
        // Where places have a meaning, a blank is for the maker to fill.
        keep(input, "list", filled.length ? JSON.stringify(field.placed ? values : filled) : "");
    };
    list.editableList({
        addButton: "add",
        height: "auto",
        sortable: true,
        removable: true,
        addItem: function (row, _index, entry) {
            hideEmpty(list);
            const box = $('<input type="text" style="width: 100%">').appendTo(row);
            box.attr({ placeholder: field.placeholder || "", list: known }).val(typeof entry.value === "string" ? entry.value : "");
            box.on("change keyup", save);
            box.on("paste", function (event) {
                const text = event.originalEvent.clipboardData.getData("text");
                const pieces = readEntries({}, text.trim()) || [];
                if (pieces.length > 1) {
                    event.preventDefault();
                    box.val(pieces[0]);
                    pieces.slice(1).forEach(function (piece) {
                        list.editableList("addItem", { value: piece });
                    });
                    save();
                }
            });
        },
        removeItem: save,
        sortItems: save,
    });
    readJson(input).forEach(function (value) {
        list.editableList("addItem", { value: value === null ? "" : String(value) });
    });
    hideEmpty(list);
}

/** The values of a choice, for the browser to offer where a box's `list` has this `id`; without a choice there is none. */
function offerValues(id, schema, panel) {
    const values = (schema || {}).enum || [];
    const offered = values.map(function (value) {
        return $("<option>").attr({ value: value, label: (schema.labels || {})[value] || value });
    });
    $("<datalist>").attr("id", id).append(offered).appendTo(panel);
}

function showRows(field, panel, input) {
    const list = $("<ol>").appendTo(panel);
    const save = function () {
        hideEmpty(list);
        const rows = list
            .editableList("items")
            .map(function () {
                const row = {};
                $(this)
                    .find(".connector-pair")
                    .each(function () {
                        const boxes = $(this).find("input");
                        if (boxes.eq(0).val().trim()) {
                            row[boxes.eq(0).val().trim()] = boxes.eq(1).val();
                        }
                    });
                return row;
            })
            .get()
            .filter(function (row) {
                return Object.keys(row).length > 0;
            });
        keep(input, "rows", rows.length ? JSON.stringify(rows) : "");
    };
    const usual = Object.entries(field.row || {});
    const addPair = function (pairs, name, value) {
        const example = usual[pairs.children().length];
        const pair = $('<div class="connector-pair">').appendTo(pairs);
        [name, value].forEach(function (text, place) {
            const told = example ? "e.g. " + example[place] : ["key", "value"][place];
            $('<input type="text">').attr("placeholder", told).val(text).appendTo(pair);
        });
        pair.on("change keyup", "input", save);
    };
    list.editableList({
        addButton: "add row",
        height: "auto",
        sortable: true,
        removable: true,
        addItem: function (container, _index, entry) {
            hideEmpty(list);
            const pairs = $("<div>").appendTo(container);
            const row = entry.row || {};
            const names = Object.keys(row);
            const blank = Array(Math.max(usual.length, 1)).fill("");
            (names.length ? names : blank).forEach(function (name) {
                const value = row[name] === undefined ? "" : row[name];
                addPair(pairs, name, typeof value === "string" ? value : JSON.stringify(value));
            });
            $('<a href="#" class="red-ui-button red-ui-button-small"><i class="fa fa-plus"></i> key</a>')
                .appendTo(container)
                .on("click", function (event) {
                    event.preventDefault();
                    addPair(pairs, "", "");
                });
        },
        removeItem: save,
        sortItems: save,
    });
    readJson(input).forEach(function (row) {
        list.editableList("addItem", { row: row });
    });
    hideEmpty(list);
}

/** Adds an entry, in the place of a blank one where there is one; one that is there already stays alone. */
function addEntry(list, value, label) {
    const boxes = function () {
        return list.children().find("input");
    };
    const find = function (text) {
        return boxes().filter(function () {
            return $(this).val().trim() === text;
        });
    };
    if (find(value).length === 0) {
        const blank = find("").first();
        if (blank.length) {
            blank.val(value).attr("title", label);
        } else {
            list.editableList("addItem", { value: value });
            boxes().last().attr("title", label);
        }
        boxes().last().trigger("change");
    }
}

/** An empty list would be a thin line. */
function hideEmpty(list) {
    list.closest(".red-ui-editableList").toggleClass("connector-empty", list.editableList("length") === 0);
}
