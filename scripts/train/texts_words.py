"""Common English words, and the parts that ordinary sentences are made of."""

_COMMON = """
    able across act add afraid age ago agree almost alone along already always among angry apple
    april arm arrive art autumn baby bag ball bank bar base basket bath beach bean bear beat became
    because become before behind believe bell belt best better between bike bill bit bite black blow
    board boat body bone book born both bottle bottom bowl box brain bread break breakfast bright
    bring broken brother brown brush build burn bus busy butter buy cake calm camera candle car card
    care careful carrot case catch chair chance cheap cheek cheese chest chicken child chin choose
    circle city clean clear clever climb clock close cloth cloud coat cold color comb common cook
    cool corner cost cotton count country couple course cover cream cross cry cup curtain cut daily
    dark daughter deal dear deep dinner dirty dish doctor door double doubt down dream dress drink
    drive drop dry during dust ear early earth east easy eat edge egg either else empty enjoy enough
    enter equal error even ever every exact eye face fact fair fall family far farm fast father
    fear feel feet few fight fill finger finish fire fish fit fix flat floor flower fly fold
    food foot forehead forget fork forty four free fresh friday friend front fruit full fun funny
    garden gate gave gentle gift girl glad glass gold gone gray green grew ground group grow guess
    guest hair half hall happen hard hat hate head health hear heart heat heavy held hello hidden
    high hill hit hole holiday honey hope horse hospital hot hotel hour hug hundred hungry hurry
    hurt ice idea inside iron island jacket jaw job join joke juice jump june keep kept key kick kid
    kitchen knee knew knife knock know lady lamp last late laugh law lazy lead leaf leave leg lemon
    lend less level lie lift light lip list listen lock lot loud love low luck lunch machine main
    market marry matter maybe meal meat meet melt mess metal middle might mile milk mind mine mirror
    monday money month moon mouth music must nail narrow near neck needle neither never news nice
    night nobody noise noon nor north nose note nothing notice nurse nut ocean offer office often
    okay onion open orange order outside oven owner pack page pain paint pair pan pants paper parent
    park party pass past path pay peace pen pencil pepper perfect phone piece pink plan plane plant
    plastic plate please plenty pocket poor pork possible potato pour press pretty price promise
    proud pull push quiet quite rabbit radio rain ran reach ready real reason red remember rent rest
    rice rich ride ring river road roll roof room rope rose rough round row rub rule run sad safe
    salad salt sand saturday save scarf school scissors sea seat second seem sell send sense sent
    serve seven shade shadow shake shape share sharp sheep sheet shelf shine ship shirt shoe shop
    short shoulder shout shower shut sick side sign silver simple since sing sister sit size skin
    skirt sky sleep slice slide slip smell smile smoke smooth snow soap sock soft some son song soon
    sorry sort soup south space spend spoon sport spot spring square stairs stamp stand star stay
    steal steam stick stone stood store storm story stove straight strange street strong stuff sugar
    summer sun sunday supper sure surprise sweater sweet swim table tail take talk tall tap taste
    taxi teach team tear teeth tell ten test thank thick thin third thirsty thirty thought throat
    throw thumb thursday ticket tie tired today toe toilet tomorrow tongue tonight tooth top
    total touch towel town toy trade train travel trip true trust truth tuesday twelve twenty twice
    uncle under until upon usual vegetable view village visit voice wait walk wall warm wash waste
    watch wave weak wear weather wednesday week weight west wet wheel while white whole whose wide
    wife wild win wind window wine winter wipe wish woman wonder wood wool worry worse wrap wrist
    wrong yard yesterday yet young zero
"""
COMMON = frozenset(_COMMON.split())
"""Ordinary words; those that are words of commands are dropped where they are used."""

FRAGMENTS: dict[str, tuple[str, ...]] = {
    "who": (
        "my sister",
        "the plumber",
        "your mother",
        "the doctor",
        "our neighbour",
        "daniel",
        "the kids",
        "my boss",
        "somebody",
        "anna",
        "the dentist",
        "her husband",
        "the landlord",
    ),
    "thing": (
        "the towel",
        "my phone",
        "the blue cup",
        "the soap",
        "that bottle",
        "the hair dryer",
        "the keys",
        "my glasses",
        "the frying pan",
        "the washing machine",
        "the toothpaste",
        "a clean shirt",
        "the serum",
        "the roller",
        "the face cream",
        "the cutting board",
        "the mirror",
        "the window",
        "the light",
    ),
    "place": (
        "in the kitchen",
        "in the bathroom",
        "on the shelf",
        "by the sink",
        "in the top drawer",
        "under the bed",
        "at the office",
        "next to the tap",
        "in the shower",
        "behind the door",
        "on the table",
        "upstairs",
        "at the station",
    ),
    "when": (
        "tomorrow",
        "this evening",
        "on monday",
        "in a minute",
        "after lunch",
        "next week",
        "before eight",
        "every morning",
        "later today",
        "at half past six",
        "on the weekend",
    ),
    "food": (
        "eggs",
        "pasta",
        "some soup",
        "rice and beans",
        "a salad",
        "pancakes",
        "fish",
        "toast",
        "potatoes",
        "an apple pie",
        "chicken",
        "tomatoes",
        "a cup of tea",
    ),
    "do": (
        "wash my hair",
        "do the dishes",
        "call you back",
        "take a shower",
        "brush my teeth",
        "go to the shop",
        "clean the sink",
        "turn off the tap",
        "feed the cat",
        "dry my face",
        "make some coffee",
        "look for <thing>",
        "bring <thing>",
        "start cooking",
        "stop working",
        "pick up the kids",
        "open <thing>",
        "help <who>",
        "wait for <who>",
        "pause the film",
    ),
    "feel": (
        "tired",
        "fine",
        "much better",
        "a bit cold",
        "hungry",
        "so happy",
        "relaxed",
        "awake",
        "sorry about that",
        "not sure",
        "ready",
        "late again",
    ),
    "much": (
        "ten minutes",
        "an hour",
        "two days",
        "a whole week",
        "half a litre",
        "five euros",
        "twenty people",
        "a few drops",
        "three spoons",
        "six months",
    ),
}
"""What goes into the places ``<name>`` of ``FRAMES`` and of the parts themselves."""

FRAMES = (
    "where did you put <thing>?",
    "<thing> is <place>.",
    "i left <thing> <place>.",
    "can you <do> <when>?",
    "i have to <do> <when>.",
    "<who> wants to <do> <when>.",
    "have you seen <thing>?",
    "i think <who> is <place>.",
    "we need <much> for that.",
    "i will <do>, then i will <do>.",
    "don't forget to <do>.",
    "let me <do> first.",
    "what are we eating <when>?",
    "we could make <food> <when>.",
    "i would like <food>, please.",
    "she said that she is <feel>.",
    "i am <feel> today.",
    "are you <feel>?",
    "it takes about <much>.",
    "it has been <much> since we met.",
    "how was your day?",
    "could you pass me <thing>?",
    "there is no more <food> <place>.",
    "<who> called me <when>.",
    "hello, yes, i can hear you.",
    "sorry, the line is very bad.",
    "i am in the bathroom right now.",
    "can i call you again <when>?",
    "no, i don't think so.",
    "yes, of course, why not?",
    "how long does it take to <do>?",
    "how many people are <place>?",
    "how much was <thing>?",
    "do you know where <who> is?",
    "tell <who> that i am <feel>.",
    "that was <much> ago.",
    "the water is too hot.",
    "turn the water off, please.",
    "the tap is still running.",
    "my skin feels so dry <when>.",
    "i use <thing> <when>.",
    "a little more oil for the cheeks.",
    "did you lock the door?",
    "the train leaves <when>.",
    "the weather will be nice <when>.",
    "i can't find <thing>, is it <place>?",
    "put <food> <place>, please.",
    "stir it for <much>.",
    "cut <food> into small pieces.",
    "add <much> of salt and pepper.",
    "it smells wonderful.",
    "who is going to <do>?",
    "i told you to <do> <when>.",
    "maybe we should <do>.",
    "we went back to <do>.",
    "go and <do>, i am <feel>.",
    "he never wants to <do>.",
    "what time is it?",
    "it is much quieter <place>.",
    "the music is louder <place>.",
    "i would rather <do> than <do>.",
    "see you <when>.",
    "thank you, that is very kind.",
    "good night, sleep well.",
    "and then <who> had to <do>, again.",
    "the next bus comes in <much>.",
    "she is faster than <who>.",
    "one more thing, please <do>.",
    "keep going for <much>.",
    "i really must <do>.",
    "<who> stopped to <do>.",
    "you can start to <do> <when>.",
)
"""Ordinary talk: home, telephone, kitchen, with words of commands in other places."""

NEAR_CALLS = (
    "hey",
    "hey guys",
    "hey guys, over here",
    "hey guys, what is for dinner?",
    "hey girl, how are you?",
    "hey god, what a day",
    "hey mike, are you there?",
    "hey siri, what time is it?",
    "hey google, play some music",
    "hey there",
    "hey, good idea",
    "hey kate, come in",
    "hey, guess who called",
    "hey, nice to see you",
    "hi guys, sit down",
    "the guide",
    "a guide",
    "guide me",
    "guidelines",
    "our guide was late again",
    "a guide to the city",
    "they guide us through the town",
    "he tried to guide her home",
    "she hid behind the gate",
    "i hate guys like that",
    "the day glides by",
    "okay, guys, listen",
    "stay beside the road",
    "the high side of the wall",
    "they got it right",
)
"""What sounds like the guide's call and is none."""
