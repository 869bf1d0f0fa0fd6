// Makes the node types known to the editor.

/** The node whose form is open: its values stand in the page, those of all other nodes in the nodes. */
let openNode = null;

unfold(PALETTE);

const GROUPS = PALETTE.blocks.map(function (block) {
    return block.group;
});
/** What there are nodes of, as the palette shows them: group by group, in each the triggers first. */
const ENTRIES = PALETTE.triggers.concat(PALETTE.blocks).sort(function (one, other) {
    return GROUPS.indexOf(one.group) - GROUPS.indexOf(other.group);
});

// Node-RED finds the types of a package by the templates in its page, and opens what stands in them.
fillIn("data-template-name", function (_empty, block) {
    return buildForm(block);
});
fillIn("data-help-name", completeHelp);

function fillIn(attribute, build) {
    $("script[" + attribute + "]").each(function () {
        const element = $(this);
        const block = ENTRIES.find(function (entry) {
            return entry.type === element.attr(attribute);
        });
        if (block) {
            element.text(build(element.html(), block));
        }
    });
}

ENTRIES.forEach(function (block) {
    const defaults = {
        name: { value: "" },
        runner: { value: "", type: PALETTE.runner.type, required: true, label: "Runner" },
    };
    const credentials = {};
    const look = PALETTE.groups[block.group];
    if (block.entries) {
        defaults.result = { value: "array" };
    }
    if (block.hasBrief) {
        defaults.detail = { value: "brief" };
    }
    if (isTrigger(block)) {
        Object.assign(defaults, buildLookDefaults());
    }
    block.fields.forEach(function (field) {
        const first = TYPES[field.widget](field)[0];
        defaults["arg_" + field.name] = { value: "", label: field.title, validate: buildValidator(block, field) };
        defaults["argtype_" + field.name] = { value: first.value || first };
        if (field.widget === "secret") {
            credentials["secret_" + field.name] = { type: "password" };
        }
    });
    RED.nodes.registerType(block.type, {
        category: look.category,
        color: look.color,
        icon: look.icon,
        defaults: defaults,
        credentials: credentials,
        inputs: isTrigger(block) ? 0 : 1,
        outputs: 1,
        button: isTrigger(block) ? LOOK_BUTTON : undefined,
        paletteLabel: block.title + (block.isClosed ? " (closed to new apps)" : ""),
        label: function () {
            return this.name || block.title;
        },
        labelStyle: function () {
            return this.name ? "node_label_italic" : "";
        },
        oneditprepare: function () {
            openNode = this;
            chooseOnlyRunner(this);
            block.fields.forEach(function (field) {
                attachWidget(block, field);
            });
            block.fields.forEach(function (field) {
                // Values that are judged together are judged again together.
                $("#node-input-arg_" + field.name).on("change", judgeAgain(listRelated(block, field), field));
            });
            openFilledSections(block);
            if (isTrigger(block)) {
                showLookRow();
            }
            if (block.entries) {
                $("#node-input-result").typedInput({ types: [{ value: "result", options: RESULT_OPTIONS }] });
            }
            if (block.hasBrief) {
                // A node from before there was a choice gives all.
                $("#node-input-detail").val(this.detail || "whole");
                $("#node-input-detail").typedInput({ types: [{ value: "detail", options: DETAIL_OPTIONS }] });
            }
            showRunnersProblems(this.id, block);
        },
        oneditsave: forgetOpenNode,
        oneditcancel: forgetOpenNode,
    });
});

const RESULT_OPTIONS = [
    { value: "array", label: "one message with an array of all entries" },
    { value: "messages", label: "one message for each entry, as they come" },
    { value: "whole", label: "one message with the service's whole answer" },
];

const DETAIL_OPTIONS = [
    { value: "brief", label: "brief: what one mostly wants" },
    { value: "whole", label: "whole: all that the service says" },
];

/** A new node takes the runner that is there, where there is but one. */
function chooseOnlyRunner(node) {
    const runners = [];
    RED.nodes.eachConfig(function (config) {
        if (config.type === PALETTE.runner.type && (!config.z || config.z === node.z)) {
            runners.push(config.id);
        }
    });
    if (!node.runner && runners.length === 1) {
        $("#node-input-runner").val(runners[0]).trigger("change");
    }
}

function forgetOpenNode() {
    openNode = null;
}

function buildValidator(block, field) {
    return function (text, options) {
        const node = this;
        const isOpen = openNode !== null && node.id === openNode.id;
        const readOther = function (name) {
            const inputs = ["#node-input-arg_" + name, "#node-input-argtype_" + name];
            if (isOpen && $(inputs[0]).length) {
                const secret = $("#node-input-secret_" + name).val();
                return { text: $(inputs[0]).val(), type: $(inputs[1]).val(), isSecretGiven: secret !== "" };
            }
            return { text: node["arg_" + name], type: node["argtype_" + name] };
        };
        const found = findProblem(block, field, text, readOther(field.name).type, readOther);
        // Node-RED before 3 takes any text for "fits".
        return found === null || (options ? tellProblem(field, found) : false);
    };
}

function judgeAgain(related, field) {
    return function (event, type) {
        if (event.isAgain) {
            return;
        }
        related.forEach(function (name) {
            if (name !== field.name) {
                $("#node-input-arg_" + name).trigger($.Event("change", { isAgain: true }), [type]);
            }
        });
    };
}

function openFilledSections(block) {
    block.fields.forEach(function (field) {
        const row = $("#node-input-arg_" + field.name).closest("details");
        const type = $("#node-input-argtype_" + field.name).val();
        if (type === "secret" || String($("#node-input-arg_" + field.name).val() || "") !== "") {
            row.prop("open", true);
        }
    });
}

/** What the runner found fault with when the node last ran, shown at the fields until they are changed. */
function showRunnersProblems(id, block) {
    $.getJSON(PALETTE.runner.type + "/problems/" + encodeURIComponent(id), function (problems) {
        problems.forEach(function (problem) {
            const note = $("#connector-problem-" + problem.name.replace(/[^\w-]/g, ""));
            const field = findField(block, problem.name) || { title: problem.name };
            note.text("At the last run: " + tellProblem({ name: field.title }, problem)).show();
            note.closest("details").prop("open", true);
            $("#node-input-arg_" + problem.name.replace(/[^\w-]/g, "")).one("change", function () {
                note.hide();
            });
        });
    });
}
