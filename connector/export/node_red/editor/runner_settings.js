// The settings of a runner: where it is, for whom it acts, and whether it answers.

RED.nodes.registerType(PALETTE.runner.type, {
    category: "config",
    paletteLabel: PALETTE.runner.label,
    defaults: {
        name: { value: "" },
        url: {
            value: PALETTE.runner.url,
            required: true,
            label: "URL",
            validate: function (text, options) {
                return /^https?:\/\/[^\s/]+/.test(text) || (options ? "URL must begin with http:// or https://" : false);
            },
        },
        connection: { value: "" },
        connectionType: { value: "str" },
        zone: {
            value: "",
            label: "Time zone",
            validate: function (text, options) {
                return isZone(text) || (options ? "Time zone fits no name such as Europe/Stockholm" : false);
            },
        },
        timeout: { value: String(PALETTE.runner.timeout), validate: RED.validators.number() },
    },
    credentials: { apiKey: { type: "password" } },
    label: function () {
        return this.name || this.url || PALETTE.runner.label;
    },
    oneditprepare: function () {
        const node = this;
        $("#node-config-input-connection").typedInput({
            default: "str",
            types: ["str"].concat(EXPRESSIONS),
            typeField: "#node-config-input-connectionType",
        });
        if (typeof Intl !== "undefined" && Intl.supportedValuesOf) {
            const zones = Intl.supportedValuesOf("timeZone");
            $("#node-config-input-zone").autoComplete({
                search: function (typed) {
                    return zones.filter(function (zone) {
                        return zone.toLowerCase().indexOf(typed.toLowerCase()) !== -1;
                    });
                },
            });
        }
        const connection = $("#node-config-input-connection");
        const picks = attachPicks(
            connection,
            function (search) {
                return askConnections(readSettings(node.id), search);
            },
            function (choice) {
                connection.typedInput("type", "str");
                connection.typedInput("value", choice.value);
                picks.hide();
            }
        );
        $("#connector-check").on("click", function (event) {
            event.preventDefault();
            checkRunner(node.id);
        });
        keepKeyToItsAddress(this.url);
    },
    oneditsave: function () {
        const box = $("#node-config-input-apiKey");
        const pair = $("#node-config-input-url").val().trim() + " " + box.val();
        // What the environment says is known only where the flow runs.
        if (box.val() !== "" && box.val() !== SAVED_KEY && pair.indexOf("${") === -1) {
            box.val(pair);
        }
    },
});

/** What the editor shows in the place of a key that was saved: Node-RED keeps the key itself from it. */
const SAVED_KEY = "__PWRD__";

/** Takes the saved key out of the form while its URL is another one than that which the key was saved for. */
function keepKeyToItsAddress(address) {
    const box = $("#node-config-input-apiKey");
    // One that was not deployed yet is there as it is saved.
    const key = box.val().replace(/^https?:\/\/\S+ /, "");
    box.val(key);
    const trim = function (text) {
        return String(text).trim().replace(/\/+$/, "");
    };
    let isTaken = false;
    $("#node-config-input-url").on("change keyup", function () {
        const isElsewhere = trim($(this).val()) !== trim(address);
        if (key && isElsewhere && box.val() === key) {
            box.val("").attr("placeholder", "enter the key for this address");
            isTaken = true;
        } else if (!isElsewhere && isTaken && box.val() === "") {
            box.val(key);
            isTaken = false;
        }
    });
}

function isZone(text) {
    if (!text) {
        return true;
    }
    try {
        return Boolean(new Intl.DateTimeFormat("en", { timeZone: text }));
    } catch (_problem) {
        return false;
    }
}

/** What the form holds, deployed or not; a key that was saved Node-RED knows. */
function readSettings(id) {
    const key = $("#node-config-input-apiKey").val();
    const settings = {
        id: id,
        url: $("#node-config-input-url").val(),
        connection: $("#node-config-input-connection").val().trim(),
        connectionType: $("#node-config-input-connectionType").val(),
    };
    if (key !== SAVED_KEY) {
        settings.key = key;
    }
    return settings;
}

function checkRunner(id) {
    const note = $("#connector-check-note").removeClass("connector-good connector-bad").text("asking …");
    askNodeRed("check", readSettings(id)).then(
        function (answer) {
            note.text(answer.text).addClass(answer.ok ? "connector-good" : "connector-bad");
        },
        function (failure) {
            note.text("Node-RED answered with status " + failure.status + ".").addClass("connector-bad");
        }
    );
}
